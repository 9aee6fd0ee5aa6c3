import type { Readable } from 'node:stream'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { notReadable, type Archive } from './zip.js'
import { SharedStrings } from './sharedStrings.js'

/** What the tags of a part do; names without their namespace prefix. */
export interface Tags {
  open?(name: string, attributes: Record<string, string>): void
  close?(name: string): void
  text?(text: string): void
}

/** Reads a part of a workbook piece by piece; after each the caller may take what has come together. */
export async function* readXml(part: Readable, tags: Tags): AsyncGenerator<void> {
  const parser = new SaxesParser()
  parser.on('opentag', (tag: SaxesTagPlain) => tags.open?.(local(tag.name), tag.attributes))
  parser.on('closetag', (tag: SaxesTagPlain) => tags.close?.(local(tag.name)))
  parser.on('text', (text) => tags.text?.(text))
  try {
    part.setEncoding('utf8')
    for await (const chunk of part as AsyncIterable<string>) {
      parser.write(chunk)
      yield
    }
    parser.close()
  } catch (error) {
    notReadable(error)
  }
  yield
}

const local = (name: string): string => (name.includes(':') ? name.slice(name.indexOf(':') + 1) : name)

async function readWhole(archive: Archive, path: string, tags: Tags): Promise<void> {
  const pieces = readXml(await archive.open(path), tags)
  while (!(await pieces.next()).done) continue
}

/** The path of the first sheet. */
export async function firstSheet(archive: Archive): Promise<string> {
  let relation: string | undefined
  await readWhole(archive, 'xl/workbook.xml', {
    open: (name, attributes) => {
      if (name === 'sheet') relation ??= attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1]
    },
  })
  let target: string | undefined
  await readWhole(archive, 'xl/_rels/workbook.xml.rels', {
    open: (name, attributes) => {
      if (name === 'Relationship' && attributes.Id === relation) target = attributes.Target
    },
  })
  if (target === undefined) return notReadable(new Error('it has no sheet'))
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`
}

/** The texts that cells refer to; those of phonetic hints are left out. */
export async function readSharedStrings(archive: Archive): Promise<SharedStrings> {
  const strings = new SharedStrings()
  if (!archive.has('xl/sharedStrings.xml')) return strings
  let text = ''
  let inText = false
  let inHint = false
  await readWhole(archive, 'xl/sharedStrings.xml', {
    open: (name) => {
      if (name === 'si') text = ''
      else if (name === 'rPh') inHint = true
      else if (name === 't') inText = !inHint
    },
    text: (piece) => {
      if (inText) text += piece
    },
    close: (name) => {
      if (name === 'si') strings.add(text)
      else if (name === 'rPh') inHint = false
      else if (name === 't') inText = false
    },
  })
  return strings
}

/** Number formats of dates that every workbook knows (ECMA-376, 18.8.30). */
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])

/** For each cell style whether it shows a number as a date. */
export async function readDateStyles(archive: Archive): Promise<boolean[]> {
  const styles: boolean[] = []
  if (!archive.has('xl/styles.xml')) return styles
  const dates = new Set(DATE_FORMATS)
  let inCells = false
  await readWhole(archive, 'xl/styles.xml', {
    open: (name, attributes) => {
      if (name === 'numFmt' && /[yd]/i.test((attributes.formatCode ?? '').replace(/"[^"]*"|\[[^\]]*\]/g, ''))) dates.add(Number(attributes.numFmtId))
      if (name === 'cellXfs') inCells = true
      if (name === 'xf' && inCells) styles.push(dates.has(Number(attributes.numFmtId)))
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return styles
}
