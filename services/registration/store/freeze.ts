import { eventSource } from '../../../contracts/events/envelope.js'
import { eventType } from '../../../contracts/events/types.js'
import { OUTBOX_CHANNEL } from '../../../platform/outbox/enqueue.js'
import type { Sql } from '../../../platform/postgres/index.js'

/**
 * Freezes all forms filed through a phase, in one statement: their revision grows by one, their fact says so,
 * and an event for each goes to the outbox. The caller holds the phase's window exclusively.
 * @returns how many
 */
export async function freezeForms(sql: Sql, season: string, phase: string): Promise<number> {
  await sql.$queryRawUnsafe(
    'SELECT count(*) FROM (SELECT 1 FROM form WHERE season = $1 AND phase = $2 AND NOT frozen ORDER BY child FOR UPDATE) AS locked',
    season,
    phase,
  )
  const [row] = await sql.$queryRawUnsafe<{ frozen: number }[]>(
    `WITH frozen AS (
       UPDATE form SET frozen = true, revision = revision + 1
       WHERE season = $1 AND phase = $2 AND NOT frozen RETURNING child, form, revision
     ), stated AS (
       UPDATE platform.child_fact AS known
       SET revision = frozen.revision,
         body = known.body || jsonb_build_object('revision', frozen.revision, 'frozen', true)
       FROM frozen
       WHERE known.season = $1 AND known.child = frozen.child AND known.aggregate = 'registration' AND known.id = frozen.form
       RETURNING known.child, known.id, known.revision, known.body
     ), put AS (
       INSERT INTO platform.outbox (topic, key, event)
       SELECT 'registration', child, jsonb_build_object(
         'id', concat_ws('/', $1::text, child, 'registration', id, revision), 'type', $3::text, 'source', $4::text, 'subject', child,
         'time', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'season', $1::text, 'data', body)
       FROM stated ORDER BY child
       RETURNING 1
     )
     SELECT count(*)::int AS frozen, pg_notify('${OUTBOX_CHANNEL}', '')::text AS told FROM put`,
    season,
    phase,
    eventType('registration', 'registration-frozen'),
    eventSource('registration'),
  )
  return row?.frozen ?? 0
}
