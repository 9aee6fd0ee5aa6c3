import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import ExcelJS from 'exceljs'
import { makePerson } from '../../cli/rehearsal/people.js'

const HEADER = ['姓名', '身份证号', '监护人姓名', '监护人身份证号', '手机号', '邮箱', '区', '户籍街道', '门牌号', '房号', '学段', '小学类型']

/** Districts that the rows of these files name. */
export const ROSTER_DISTRICTS = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8'] as const

function rowAt(seed: number, position: number): (string | number)[] {
  const person = makePerson(seed, position)
  const district = ROSTER_DISTRICTS[position % ROSTER_DISTRICTS.length]!
  return [
    person.name, person.idNumber, person.guardianName, person.guardianIdNumber, person.phone, person.email, district,
    '晨光东街', 1 + (position % 900), `${1 + (position % 6)}单元${position % 30}`, '初中', position % 2 === 0 ? '公办' : '民办',
  ]
}

/** Writes a roster of made-up children as CSV. */
export async function writeCsvRoster(path: string, children: number, seed: number): Promise<void> {
  const file = createWriteStream(path)
  file.write(`${HEADER.join(',')}\n`)
  for (let position = 0; position < children; position++) {
    if (!file.write(`${rowAt(seed, position).join(',')}\n`)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
}

/** The same as an Excel workbook with shared strings, as Excel itself writes it. */
export async function writeExcelRoster(path: string, children: number, seed: number): Promise<void> {
  const file = createWriteStream(path)
  const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: file, useSharedStrings: true })
  const sheet = workbook.addWorksheet('名册')
  sheet.addRow(HEADER).commit()
  for (let position = 0; position < children; position++) {
    sheet.addRow(rowAt(seed, position)).commit()
    if (position % 2_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  sheet.commit()
  await workbook.commit()
}
