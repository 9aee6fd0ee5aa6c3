import type { PlaceId } from '../../../../policies/language.js'
import type { Catalogue, Home } from '../../families.js'

type School = Catalogue['schools'][number]
export type ZoneId = keyof typeof ZONES
export type SchoolId = ZoneId | keyof typeof CONVERTED

const DISTRICT = 'jiulongpo'

/**
 * Zones with one public school each, on a grid (m): whoever lives in the middle finds a near school with few seats left
 * and a far one with many; nobody with a household lives in the last two, whose seats are for migrant children.
 */
const ZONES = {
  yangjiaping: { street: '杨家坪正街', school: '杨家坪小学', x: 0, y: 0 },
  shiqiaopu: { street: '石桥铺正街', school: '石桥铺小学', x: 900, y: 300 },
  baishiyi: { street: '白市驿正街', school: '白市驿小学', x: 6_000, y: 1_000 },
  huayan: { street: '华润二十四城', school: '华岩小学', x: 9_000, y: 4_000 },
  gaomiao: { street: '高庙路', school: '高庙小学', x: 20_000, y: 0 },
  erlang: { street: '二郎路', school: '二郎小学', x: 20_000, y: 3_000 },
} as const

const CONVERTED = {
  crowded: { school: '重庆谢家湾学校', x: 1_500, y: 2_000 },
  quiet: { school: '重庆育才成功学校', x: 8_000, y: 2_000 },
} as const

/** Where a child of a zone lives, or stays. */
export const homeIn = (zone: ZoneId): Home => ({ district: DISTRICT, zone, street: ZONES[zone].street })

/** Named areas of the policies, by the zones whose addresses lie in them. Of the crowded schools one has seats left. */
const PLACES: Record<string, readonly ZoneId[]> = { 'crowded-zones': ['yangjiaping', 'shiqiaopu'], 'huarun-24': ['huayan'] }

/** The made-up Jiulongpo with plans, and the places that its policy names. */
export function planCity(plan: Readonly<Record<SchoolId, number>>, places: readonly PlaceId[]): Catalogue {
  const school = (id: SchoolId, type: string, { school: name, x, y }: { school: string; x: number; y: number }): School =>
    ({ id, name, district: DISTRICT, facts: { type }, plan: plan[id], location: { x, y } })
  const zones = Object.entries(ZONES) as [ZoneId, (typeof ZONES)[ZoneId]][]
  const converted = Object.entries(CONVERTED) as [keyof typeof CONVERTED, (typeof CONVERTED)[keyof typeof CONVERTED]][]
  return {
    districts: [{ id: DISTRICT, name: '九龙坡区' }],
    schools: [...zones.map(([id, drawn]) => school(id, 'public', drawn)), ...converted.map(([id, drawn]) => school(id, 'converted', drawn))],
    zones: zones.map(([id, { street, x, y }]) => ({ id, district: DISTRICT, schools: [id], addresses: [{ district: DISTRICT, street }], location: { x, y } })),
    places: places.map((id) => ({ id, addresses: PLACES[id]!.map((zone) => ({ district: DISTRICT, street: ZONES[zone].street })) })),
  }
}
