import type { Family } from './families.js'

/** The roster of a rehearsal as CSV, the form in which a bureau would hand it over; twins stand on neighbouring rows. */
export function rosterCsv(families: readonly Family[]): string {
  const facts = Object.keys(families[0]?.rosterFacts ?? {})
  const header = ['姓名', '身份证号', '监护人姓名', '监护人身份证号', '手机号', '邮箱', '区', '户籍街道', '户籍门牌号', ...facts]
  const rows = families.map(({ person, home, houseNumber, rosterFacts }) => [
    person.name, person.idNumber, person.guardianName, person.guardianIdNumber, person.phone, person.email,
    home.district, home.street, String(houseNumber), ...facts.map((fact) => String(rosterFacts[fact])),
  ])
  return [header, ...rows].map((cells) => cells.map(quote).join(',')).join('\r\n') + '\r\n'
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
