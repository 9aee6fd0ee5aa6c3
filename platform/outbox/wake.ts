/** A wait that can be cut short; a call while nobody waits is remembered. */
export class Wake {
  private called = false
  private resume: (() => void) | undefined

  now(): void {
    this.called = true
    this.resume?.()
  }

  async wait(forMs: number): Promise<void> {
    if (!this.called) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.resume = resolve
        timer = setTimeout(resolve, forMs)
      })
      clearTimeout(timer)
      this.resume = undefined
    }
    this.called = false
  }
}
