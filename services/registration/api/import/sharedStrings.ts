const BLOCK = 1024
const BYTES_AT_FIRST = 1024 * 1024

/**
 * Texts by position, kept as UTF-8 in one growing buffer: a workbook's shared strings are mostly ID numbers and
 * telephone numbers, each used once, and as JavaScript strings they would take several times the space.
 */
export class SharedStrings {
  private bytes: Buffer = Buffer.allocUnsafe(BYTES_AT_FIRST)
  private used = 0
  private ends = new Uint32Array(BLOCK)
  private count = 0

  add(text: string): void {
    const needed = this.used + text.length * 3
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, needed)
    this.used += this.bytes.write(text, this.used, 'utf8')
    if (this.count === this.ends.length) {
      const ends = new Uint32Array(this.ends.length * 2)
      ends.set(this.ends)
      this.ends = ends
    }
    this.ends[this.count++] = this.used
  }

  /** The text at a position; undefined beyond the last. */
  at(position: number): string | undefined {
    if (!(position >= 0 && position < this.count)) return undefined
    return this.bytes.toString('utf8', position === 0 ? 0 : this.ends[position - 1], this.ends[position])
  }
}

function grown(bytes: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(needed, Math.ceil(bytes.length * 1.5)))
  bytes.copy(larger)
  return larger
}
