const DIGITS = 12
/** Damm's quasigroup of order 10: finds every single wrong digit and every swap of neighbours. */
const DAMM = [
  '0317598642', '7092154863', '4206871359', '1750983426', '6123045978',
  '3674209581', '5869720134', '8945362017', '9438617205', '2581436790',
]

const checkDigit = (digits: string): string => [...digits].reduce((interim, digit) => DAMM[Number(interim)]![Number(digit)]!, '0')

/**
 * A registration number (预登记号) as printed on the form, `4821-0397-5526`: eleven random digits and a check digit.
 * It says nothing about the child.
 * @param random uniform integers below `max`
 */
export function newRegistrationNumber(random: (max: number) => number): string {
  let digits = String(1 + random(9))
  while (digits.length < DIGITS - 1) digits += String(random(10))
  return printed(digits + checkDigit(digits))
}

/** The number as printed, or undefined if it was mistyped. Spaces and hyphens do not matter. */
export function readRegistrationNumber(text: string): string | undefined {
  const digits = text.normalize('NFKC').replace(/[\s-]/g, '')
  return new RegExp(`^\\d{${DIGITS}}$`).test(digits) && checkDigit(digits) === '0' ? printed(digits) : undefined
}

const printed = (digits: string): string => digits.replace(/(\d{4})(?=\d)/g, '$1-')
