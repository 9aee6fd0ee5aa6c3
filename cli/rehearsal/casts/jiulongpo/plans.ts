import type { Family } from '../../families.js'
import type { SchoolId } from './city.js'
import type { LifeId } from './lives.js'

/** Seats that are enough for whoever may come besides those counted. */
const SPARE = 4

/**
 * Seats by school, so that each scarcity occurs: the crowded zone holds its 三对口 and half of its 参照三对口, a school
 * near it half of those who are placed nearby, and those for migrants none that came late or had few points.
 */
export function plansFor(families: readonly Family[]): Record<SchoolId, number> {
  const count = (...lives: LifeId[]) => families.filter(({ life }) => (lives as string[]).includes(life)).length
  const livingIn = (zone: SchoolId) => families.filter(({ home }) => home.zone === zone).length
  const half = (number: number) => Math.max(1, Math.floor(number / 2))
  const nearby = count('like-three-match', 'moved-in-too-late', 'dwelling-was-used', 'lives-elsewhere')
  return {
    yangjiaping: count('three-match-in-a-crowded-zone') + half(count('like-three-match')),
    shiqiaopu: livingIn('shiqiaopu') + half(nearby),
    baishiyi: livingIn('baishiyi') + livingIn('yangjiaping') + count('registry-differs', 'purchase-second-choice', 'points-second-choice') + SPARE,
    huayan: livingIn('huayan') + SPARE,
    gaomiao: count('purchase-early', 'purchase-stays-away', 'owner-stays-away'),
    erlang: count('points-hr-unknown', 'purchase-late-then-points', 'points-many'),
    crowded: count('contract-owner', 'owner-stays-away', 'special-at-a-converted-school') + half(count('draw-crowded')),
    quiet: count('draw-quiet', 'draw-waives') + SPARE,
  }
}
