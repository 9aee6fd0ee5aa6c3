import { beforeAll, describe, expect, it } from 'vitest'
import type { ChildFact } from '../../contracts/facts.js'
import type { ProposalsFile, ResidualFile } from '../../contracts/residual.js'
import { MATCHING } from '../../policies/jiulongpo.fixture.js'
import { loadPolicy } from '../../policies/load.js'
import { phaseById, type Timeline } from '../../policies/timeline.js'
import { windowDigest } from '../../platform/windows/index.js'
import { childNo, decideRound, factsAbout, idNo, publicSchool, startAllocation, zoneOf, type Running } from './allocation.fixture.js'
import { audited } from './audited.fixture.js'
import { decideResidual } from './domain/rounds/residual/near-home.js'

const phase = 'household-adjusted'
const schoolAt = (id: string, plan: number, x?: number) => ({ ...publicSchool(id, plan), ...(x === undefined ? {} : { location: { x, y: 0 } }) })
/** A street with a school at each end and one in the middle; nobody wrote down where the fourth is. The fifth is the zoned one of all children. */
const schools = [schoolAt('west', 2, 0), schoolAt('middle', 1, 1_000), schoolAt('east', 1, 3_000), schoolAt('unmapped', 2), schoolAt('own', 1, 150)]
const zones = [{ ...zoneOf('here', 'west'), location: { x: 100, y: 0 } }, { ...zoneOf('there', 'east'), location: { x: 1_100, y: 0 } }, zoneOf('nowhere', 'unmapped'), zoneOf('own', 'own')]
let running: Running

beforeAll(async () => {
  running = await startAllocation()
})

/** A season of Jiulongpo's policy whose results are public at once, or only in a while. */
async function open(season: string, round: { publishAt?: number; twins?: 'declared' } = {}): Promise<Timeline> {
  const timeline = structuredClone((await loadPolicy('jiulongpo-2023-primary')).timeline)
  Object.assign(phaseById(timeline, phase), round)
  await running.service.installSeason({ params: { season }, body: { timeline: { ...timeline, places: [] } } })
  await running.city.putCatalogue({ params: { season }, body: { districts: [{ id: 'nanguan', name: 'Nanguan' }], schools, zones } })
  return timeline
}
/** A child that does not match, living in a zone, whose review is over. */
const nonMatching = (season: string, n: number, zone: string | null, more: Partial<ChildFact> = {}): ChildFact[] => {
  const about = factsAbout(season, n)
  return [
    about.roster({ local: true }),
    about.of('registration', 'household', { facts: { ...MATCHING, 'residence.address': `r${n}` }, outcomes: { 'household-application': 'filed' }, zones: { 'residence.address': zone, 'household.address': 'own' }, ...more }),
    about.of('case', 'household-review', { outcomes: { 'household-review': 'approved' } }),
  ]
}
const run = async (season: string, round: string) => {
  const expects = [{ phase: 'household-review', ...(await windowDigest(running.database, season, 'household-review', 'review')) }]
  await running.service.freezeRound({ params: { season, phase: round }, body: { expects } })
  return round === phase ? proposed(season) : decideRound(running, season, round)
}
async function proposed(season: string) {
  const round = { params: { season, phase }, body: {} }
  await running.service.commitRound(round)
  await running.service.revealRound(round)
  return running.service.proposeRound(round)
}
const publish = (season: string, round = phase) => running.service.publishRound({ params: { season, phase: round }, body: { limit: 100 } })
/** The catchment round before it gives nothing; then the residual round is decided. */
async function decided(season: string) {
  await run(season, 'household-round')
  await publish(season, 'household-round')
  return run(season, phase)
}
const place = (season: string, n: number) => running.service.getPlace({ params: { season, child: childNo(n) } })
const schoolOf = async (season: string, n: number) => (await place(season, n)).held[0]?.school
const runOf = async (season: string) => (await running.sql<{ input: ResidualFile; result: ProposalsFile }>('SELECT input, result FROM residual_run WHERE season = $1 AND phase = $2', [season, phase]))[0]!
const staff = () => running.as({ subject: 'officer-1', role: 'district', district: 'nanguan' })
const judge = (season: string, body: Parameters<ReturnType<typeof staff>['judgeProposals']>[0]['body']) => staff().judgeProposals({ params: { season, phase }, body })


describe('a residual round', () => {
  it('places children near home by where their zone and the schools are, with the least distance in total', async () => {
    const season = 'near-home'
    await open(season)
    await running.tell([1, 2, 3].flatMap((n) => nonMatching(season, n, 'here')).concat(nonMatching(season, 4, 'there')))
    expect(await decided(season)).toMatchObject({ state: 'decided', units: 4, run: 1 })
    await publish(season)
    const of = await Promise.all([1, 2, 3, 4].map((n) => schoolOf(season, n)))
    // The fourth lives by the middle school; that it goes on to the east saves the third more than it costs.
    expect(of.slice(0, 3).sort()).toEqual(['middle', 'west', 'west'])
    expect(of[3]).toBe('east')
    const { input, result } = await runOf(season)
    expect(input.schools).toContainEqual({ id: 'unmapped', seats: 2 })
    expect(result.proposals.map(({ metres }) => metres!).sort((a, b) => a - b)).toEqual([100, 100, 900, 1_900])
    expect(decideResidual(input)).toEqual({ file: result, wrong: [] })
  })

  it('proposes the zoned school to nobody, though it is nearest and has a seat', async () => {
    const season = 'zoned'
    const timeline = await open(season)
    await running.tell(nonMatching(season, 1, 'here'))
    await decided(season)
    await publish(season)
    const { input, result } = await runOf(season)
    expect(input.children).toEqual([{ id: childNo(1), location: { x: 100, y: 0 }, except: ['own'] }])
    expect(result.proposals).toEqual([{ child: childNo(1), school: 'west', metres: 100, reason: 'nearest', nearer: [] }])
    expect(await audited(running, season, timeline)).toEqual([])
    await running.sql('ALTER TABLE residual_run DISABLE TRIGGER ALL')
    await running.sql(`UPDATE residual_run SET input = jsonb_set(input, '{children,0}', (input->'children'->0) - 'except') WHERE season = $1`, [season])
    expect(await audited(running, season, timeline)).toEqual(expect.arrayContaining(['its run was made of something else than was frozen', `own is nearer to ${childNo(1)} and has a free seat`]))
  })

  it('gives whoever has no location a seat that the others leave', async () => {
    const season = 'no-location'
    await open(season)
    await running.tell([...nonMatching(season, 1, 'nowhere'), ...nonMatching(season, 2, null, { zones: { 'household.address': 'own' } }), ...[3, 4, 5, 6].flatMap((n) => nonMatching(season, n, 'here'))])
    await decided(season)
    const { proposals } = (await runOf(season)).result
    expect(proposals.slice(0, 2)).toEqual([1, 2].map((n) => ({ child: childNo(n), school: 'unmapped', metres: null, reason: 'no-distance', nearer: [] })))
    expect(proposals.slice(2).map(({ metres }) => metres!).sort((a, b) => a - b)).toEqual([100, 100, 900, 2_900])
  })

  it('places twins singly, also where its policy would take them as one', async () => {
    const season = 'siblings'
    await open(season, { twins: 'declared' })
    const unit = { unit: { id: idNo('u', 1), members: [childNo(1), childNo(2)] } }
    await running.tell([...nonMatching(season, 1, 'here', unit), ...nonMatching(season, 2, 'here', unit)])
    expect(await decided(season)).toMatchObject({ units: 2, children: 2 })
  })

  it('shows its proposals to staff before its results, and to nobody else', async () => {
    const season = 'proposals'
    await open(season, { publishAt: Date.now() + 3_600_000 })
    await running.tell(nonMatching(season, 1, 'here'))
    await run(season, 'household-round')
    await expect(staff().listProposals({ params: { season, phase: 'household-round' } })).rejects.toMatchObject({ type: 'unknown-phase' })
    await expect(staff().listProposals({ params: { season, phase } })).rejects.toMatchObject({ type: 'round-conflict' })
    await publish(season, 'household-round')
    await run(season, phase)
    expect(await staff().listProposals({ params: { season, phase } })).toEqual({ proposals: [{ child: childNo(1), school: 'west', metres: 100, reason: 'nearest', nearer: [] }] })
    await expect(running.guardian(1).listProposals({ params: { season, phase } })).rejects.toMatchObject({ type: 'forbidden' })
    expect((await place(season, 1)).held).toEqual([])
    await expect(running.service.drawRound({ params: { season, phase }, body: {} })).rejects.toMatchObject({ type: 'round-conflict' })
    await expect(running.guardian(1).getTranscript({ params: { season, phase } })).rejects.toMatchObject({ type: 'not-found' })
    expect((await running.guardian(1).getAnnouncement({ params: { season, phase } })).steps.map(({ step }) => step)).toEqual(['freeze', 'commit', 'reveal'])
    await expect(publish(season)).rejects.toMatchObject({ type: 'embargoed' })
  })

  it('leaves a child whose proposal staff refuse without the seat, and publishes the others', async () => {
    const season = 'verdicts'
    const timeline = await open(season, { publishAt: Date.now() + 3_600_000 })
    await running.tell([1, 2, 3].flatMap((n) => nonMatching(season, n, 'here')))
    await decided(season)
    expect(await judge(season, { verdict: 'approved', children: [childNo(1)] })).toEqual({ approved: 1, refused: 0, open: 2 })
    const refusal = { verdict: 'refused' as const, children: [childNo(2)], reason: 'the way crosses the motorway' }
    expect(await judge(season, refusal)).toEqual({ approved: 1, refused: 1, open: 1 })
    expect(await judge(season, refusal)).toEqual({ approved: 1, refused: 1, open: 1 })
    await expect(judge(season, { verdict: 'approved', children: [childNo(2)] })).rejects.toMatchObject({ type: 'already-decided' })
    await expect(judge(season, { verdict: 'approved', children: [childNo(9)] })).rejects.toMatchObject({ type: 'unknown-child' })
    expect(await judge(season, { verdict: 'approved', children: 'all' })).toEqual({ approved: 2, refused: 1, open: 0 })
    await running.sql('UPDATE platform.season SET timeline = $2 WHERE id = $1', [season, { ...timeline, phases: timeline.phases.map((one) => (one.id === phase ? { ...one, publishAt: one.opensAt } : one)) }])
    expect(await judge(season, { verdict: 'approved', children: 'all' })).toEqual({ approved: 2, refused: 1, open: 0 })
    await publish(season)
    await expect(judge(season, { verdict: 'approved', children: 'all' })).rejects.toMatchObject({ type: 'round-conflict' })
    expect(await place(season, 2)).toMatchObject({ held: [], outcomes: { [phase]: 'not-admitted' } })
    expect(await place(season, 1)).toMatchObject({ held: [{ basis: phase }], outcomes: { [phase]: 'admitted' } })
    expect(await running.service.getRound({ params: { season, phase } })).toMatchObject({ state: 'published', admitted: 2, notAdmitted: 1 })
    expect(await running.sql('SELECT 1 FROM seat WHERE season = $1 AND child IS NOT NULL', [season])).toHaveLength(2)
    expect(await audited(running, season, timeline)).toEqual([])
    await running.sql('ALTER TABLE round_result DISABLE TRIGGER round_result_published_once')
    await running.sql(`UPDATE round_result SET outcome = 'admitted', school = 'west' WHERE season = $1 AND child = $2`, [season, childNo(2)])
    expect(await audited(running, season, timeline)).toEqual(['has another result than was proposed', 'its counts are not those of its results'])
  })

  it('approves what nobody said anything about when its results become public', async () => {
    const season = 'by-default'
    await open(season)
    await running.tell(nonMatching(season, 1, 'here'))
    await decided(season)
    await publish(season)
    expect(await schoolOf(season, 1)).toBe('west')
    expect((await staff().listProposals({ params: { season, phase } })).proposals).toMatchObject([{ child: childNo(1), school: 'west' }])
  })
})
