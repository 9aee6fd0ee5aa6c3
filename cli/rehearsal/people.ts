import { chance, pick } from './chance.js'

/**
 * A made-up family. No real person can be hit: region codes from 99 up are given to no place, no mobile number
 * begins with 100, and `.invalid` is reserved. Checksums are right.
 */
export interface Person {
  name: string
  idNumber: string
  /** `YYYY-MM-DD` */
  birthday: string
  guardianName: string
  guardianIdNumber: string
  phone: string
  email: string
}

export interface PersonOptions {
  /** Year of the child's birth. @default 2010 */
  born?: number
  /** The position whose guardian and birthday this child shares: its twin. */
  twinOf?: number
}

const SURNAMES = [...'赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜']
const GIVEN = [...'安宁嘉禾思远明朗若溪子墨清越星河知夏雨桐景行书瑶望舒云帆']
const REGION_PEOPLE = 500

/** Most positions that have ID numbers of their own. */
export const MOST_PEOPLE = 5_000 * REGION_PEOPLE

/**
 * The family at a position; the same seed and position always give the same one, and no two positions share an
 * ID number.
 * @throws RangeError beyond `MOST_PEOPLE`
 */
export function makePerson(seed: number, position: number, options: PersonOptions = {}): Person {
  if (position < 0 || position >= MOST_PEOPLE) throw new RangeError(`positions run from 0 to ${MOST_PEOPLE - 1}`)
  const family = options.twinOf ?? position
  const surname = pick(SURNAMES, seed, 'surname', family)
  const birthday = dayOf(options.born ?? 2010, seed, 'child', family)
  return {
    name: surname + given(seed, 'child', position),
    idNumber: idNumberOf(990_000, position, birthday),
    birthday,
    guardianName: surname + given(seed, 'guardian', family),
    guardianIdNumber: idNumberOf(995_000, family, dayOf(1982, seed, 'guardian', family)),
    phone: `100${String(family).padStart(8, '0')}`,
    email: `family-${family}@ruxue.invalid`,
  }
}

const given = (seed: number, who: string, position: number): string =>
  pick(GIVEN, seed, who, 'first', position) + pick(GIVEN, seed, who, 'second', position)

function dayOf(year: number, seed: number, who: string, position: number): string {
  const day = Math.floor(chance(seed, who, 'day', position) * 365)
  return new Date(Date.UTC(year, 0, 1 + day)).toISOString().slice(0, 10)
}

function idNumberOf(firstRegion: number, position: number, birthday: string): string {
  const region = firstRegion + Math.floor(position / REGION_PEOPLE)
  const first17 = `${region}${birthday.replaceAll('-', '')}${String(1 + (position % REGION_PEOPLE)).padStart(3, '0')}`
  return first17 + checkCharacter(first17)
}

/** GB 11643, written apart from the services' own, so that one checks the other. */
function checkCharacter(first17: string): string {
  let sum = 0
  for (let at = 0; at < 17; at++) sum += Number(first17[at]) * (2 ** (17 - at) % 11)
  return '10X98765432'[sum % 11] ?? ''
}
