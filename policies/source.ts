import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import type { Fault, Path, Position } from './fault.js'

/** A policy file read as YAML, able to say where each of its parts stands. */
export interface PolicySource {
  file: string
  raw: unknown
  /** Faults of the YAML itself. */
  faults: Fault[]
  /** Where this part of the document stands; of a part that is not there, where its nearest parent stands. */
  positionOf(path: Path): Position
}

/** Reads YAML with its positions; never throws on a malformed one. */
export function readSource(text: string, file: string): PolicySource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const unreadable = (offset: number, message: string): Fault => ({
    severity: 'error', code: 'yaml', file, ...toPosition(lines, offset), path: '',
    message: `not readable as YAML: ${message}`, fix: 'mend the YAML at this place; the rest is read afterwards',
  })
  const faults = document.errors.map((error) => unreadable(error.pos[0], error.message))
  const positionOf = (path: Path) => toPosition(lines, offsetOf(document, path))
  try {
    return { file, raw: faults.length > 0 ? undefined : document.toJS(), faults, positionOf }
  } catch (error) {
    return { file, raw: undefined, faults: [unreadable(0, (error as Error).message)], positionOf }
  }
}

function toPosition(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const key of path) {
    const step = stepInto(node, key)
    if (!step) return offset
    offset = step.offset ?? offset
    node = step.node
  }
  return offset
}

function stepInto(node: unknown, key: string | number): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key))
    return pair ? { node: pair.value, offset: startOf(pair.key) } : undefined
  }
  if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
    const item: unknown = node.items[Number(key)]
    return item === undefined ? undefined : { node: item, offset: startOf(item) }
  }
  return undefined
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0]
}
