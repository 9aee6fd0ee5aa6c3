import { describe, expect, it } from 'vitest'
import { readIdNumber } from '../../services/registration/domain/idNumber.js'
import { makePerson } from './people.js'

describe('made-up families', () => {
  const people = Array.from({ length: 1_200 }, (_, position) => makePerson(7, position))

  it('have ID numbers that registration accepts and that nobody else has', () => {
    for (const person of people) {
      expect(readIdNumber(person.idNumber, '2026-01-01')).toEqual({ number: person.idNumber, birthday: person.birthday })
      expect(readIdNumber(person.guardianIdNumber, '2026-01-01')).not.toHaveProperty('fault')
    }
    expect(new Set(people.flatMap((person) => [person.idNumber, person.guardianIdNumber])).size).toBe(2_400)
  })

  it('live in no region that exists', () => {
    expect(people.every((person) => person.idNumber.startsWith('99') && person.guardianIdNumber.startsWith('99'))).toBe(true)
  })

  it('are the same for the same seed, and others for another', () => {
    expect(makePerson(7, 3)).toEqual(people[3])
    expect(makePerson(8, 3)).not.toEqual(people[3])
  })

  it('have twins with the same guardian and birthday and an own number', () => {
    const twin = makePerson(7, 4, { twinOf: 3 })
    expect(twin).toMatchObject({ birthday: people[3]!.birthday, guardianIdNumber: people[3]!.guardianIdNumber })
    expect(twin.idNumber).not.toBe(people[3]!.idNumber)
  })
})
