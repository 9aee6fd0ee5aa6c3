import { beforeAll, describe, expect, it } from 'vitest'
import { at, childNo, factsAbout, openSeason, privateSchool, startAllocation, type Running } from './allocation.fixture.js'

const season = 'vacancies-2022'
let running: Running

/** The calendar of Changchun with a publication of vacancies before each of its choices. */
beforeAll(async () => {
  running = await startAllocation()
  await openSeason(running, season, { schools: [privateSchool('ivy', 1), privateSchool('oak', 1), privateSchool('elm', 0)], zones: [] }, ({ phases }) => {
    const second = phases.find(({ id }) => id === 'vacancies')!
    phases.push({ ...second, id: 'first-vacancies', opensAt: at('06-12 09:00'), closesAt: at('06-12 09:00'), index: phases.length })
    for (const phase of phases) if (phase.kind === 'choice') phase.offered = 'seats-left'
  })
})

/** What the publication told; that it waits for the rounds before it is tested with the season. */
async function published(phase: string, free: Record<string, number>): Promise<void> {
  await running.sql('INSERT INTO publication (season, phase) VALUES ($1, $2)', [season, phase])
  await running.sql('INSERT INTO vacancy (season, phase, school, free) SELECT $1, $2, key, value::int FROM jsonb_each_text($3)', [season, phase, free])
}
async function choose(phase: string, n: number, school: string): Promise<string> {
  const about = factsAbout(season, n)
  await running.tell([about.roster(), about.registered(), about.reviewed('approved')])
  running.clock.at = at(phase === 'private-choice' ? '06-13 10:00' : '07-01 10:00')
  return running.guardian(n).choose({ params: { season, phase, child: childNo(n) }, body: { schools: [school] } }).then(() => 'ok', ({ type }: { type: string }) => type)
}

describe('a choice of seats that are left', () => {
  it('goes by the vacancies published before it, whatever has become of the seats since', async () => {
    await published('first-vacancies', { ivy: 0, oak: 1, elm: 1 })
    expect(await choose('private-choice', 1, 'ivy')).toBe('choice-not-offered')
    expect(await choose('private-choice', 2, 'elm')).toBe('ok')
  })

  it('goes by the seats as they are while the newest publication before it is not out', async () => {
    expect(await choose('vacancy-choice', 3, 'ivy')).toBe('ok')
    expect(await choose('vacancy-choice', 3, 'elm')).toBe('choice-not-offered')
  })

  it('goes by the newest of several publications before it, and by none after it', async () => {
    await published('vacancies', { ivy: 1, oak: 0, elm: 0 })
    expect(await choose('vacancy-choice', 4, 'ivy')).toBe('ok')
    expect(await choose('vacancy-choice', 5, 'oak')).toBe('choice-not-offered')
    expect(await choose('private-choice', 5, 'oak')).toBe('ok')
    expect(await choose('private-choice', 5, 'ivy')).toBe('choice-not-offered')
  })
})
