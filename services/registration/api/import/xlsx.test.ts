import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import { describe, expect, it } from 'vitest'
import { xlsxRows } from './xlsx.js'

async function rowsOf(fill: (sheet: ExcelJS.Worksheet) => void): Promise<{ row: number; cells: string[] }[]> {
  const workbook = new ExcelJS.Workbook()
  fill(workbook.addWorksheet('first'))
  workbook.addWorksheet('second').addRow(['not read'])
  const rows = []
  for await (const row of xlsxRows(Readable.from([Buffer.from(await workbook.xlsx.writeBuffer())]))) rows.push(row)
  return rows
}

describe('an Excel workbook', () => {
  it('is read cell by cell from its first sheet, with gaps and the rows’ own numbers', async () => {
    const rows = await rowsOf((sheet) => {
      sheet.getRow(1).values = ['姓名', 'id']
      sheet.getCell('C3').value = 'third'
      sheet.getCell('A3').value = '张 & <三>'
    })
    expect(rows).toEqual([{ row: 1, cells: ['姓名', 'id'] }, { row: 3, cells: ['张 & <三>', '', 'third'] }])
  })

  it('gives numbers, truth values, formulas and rich text as text, and dates as days', async () => {
    const [row] = await rowsOf((sheet) => {
      sheet.getRow(1).values = [
        42, true, { formula: 'A1&"x"', result: '42x' }, { richText: [{ text: '张' }, { text: '三', font: { bold: true } }] }, new Date(Date.UTC(2012, 1, 29)),
      ]
      sheet.getCell('E1').numFmt = 'yyyy/m/d'
    })
    expect(row!.cells).toEqual(['42', 'true', '42x', '张三', '2012-02-29'])
  })

  it('that is no workbook is refused with what is wrong', async () => {
    const read = async (content: Buffer) => {
      for await (const _row of xlsxRows(Readable.from([content]))) continue
    }
    await expect(read(Buffer.from('PK not really'))).rejects.toMatchObject({ type: 'unreadable-file' })
    const whole = Buffer.from(await new ExcelJS.Workbook().xlsx.writeBuffer())
    await expect(read(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ type: 'unreadable-file' })
    await expect(read(whole)).rejects.toMatchObject({ type: 'unreadable-file', faults: [{ at: 'file', message: 'it has no sheet' }] })
  })
})
