import type { FactValue } from '../../../../policies/language.js'
import type { Answers } from '../../script.js'

export interface Address {
  district: string
  street: string
  number: number
  room: string
}

/** A household's form: registered, owning and living at one address since long, unless said. */
export const householdAt = (home: Address, other: Answers = {}): Answers => ({
  route: 'zoned', disability: 'none',
  'household.address': home, 'household.since': '2017-03-01', 'household.head': 'parent', 'household.since-birth': true,
  'property.address': home, 'property.owner': 'guardian', 'property.parents-own': true, 'residence.address': home, ...other,
})

/** 参照三对口: with the grandparents since birth. */
export const WITH_GRANDPARENTS: Record<string, FactValue> = { 'household.head': 'grandparent', 'property.owner': 'grandparent', 'property.parents-own': false }

/** A migrant family's form by purchase. */
export const purchaseAt = (home: Address, date: string): Answers => ({
  'purchase.share': 60, 'purchase.date': date, 'residence.address': home, 'residence.since': '2021-02-01',
})

/** A migrant family's form by points; who has worked longer has more. */
export const pointsAt = (home: Address, months: number): Answers => ({
  'residence.address': home, 'residence.since': '2021-02-01', 'residence.months': 28, 'residence.tenure': 'rented',
  'work.in-district': true, 'work.insured-months': months, 'work.business-months': 0, 'parent.education': 'college', 'parent.honour': false,
})
