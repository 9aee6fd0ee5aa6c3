import { z } from 'zod'
import { FACT_SOURCES } from '../../policies/knowledge.js'
import * as c from './common.js'
import { endpoint } from './endpoint.js'

export const caseState = z.enum(['open', 'asked', 'answered', 'silent', 'at-school', 'at-district', 'at-office', 'approved', 'refused', 'undecided'])

export const caseView = z.strictObject({
  child: c.childId,
  phase: c.phaseId,
  kind: z.enum(['check', 'review']),
  state: caseState,
  toldAt: c.instant.optional().describe('Only for guardians, of a review whose outcomes have a day of their own: before it the case stands where it began'),
  school: c.schoolId.optional().describe('The reviewing school'),
  district: c.districtId.optional(),
  revision: z.number().int(),
  facts: z.record(z.string(), c.factValue),
  rules: z.array(z.strictObject({ rule: z.string(), says: z.string(), value: z.enum(['met', 'unmet', 'unknown']), explanation: z.unknown() })),
  steps: z.array(
    z.strictObject({ by: z.enum(['school', 'district', 'office']), outcome: z.enum(['approved', 'refused']), reason: z.string().optional(), receivedAt: c.instant }),
  ),
})

const verdict = z.enum(['met', 'unmet', 'unknown'])

/** A fact as its family may read it. */
const readFact = z.strictObject({
  fact: z.string(),
  label: z.string().optional().describe('What people call it'),
  value: c.factValue.optional().describe('Absent where nobody has stated it, and of addresses, which are compared and not shown'),
  valueLabel: z.string().optional().describe('What people call the value, of a yes or no and of one of several'),
  source: z.enum(FACT_SOURCES).optional().describe('Who stated it'),
  known: z.boolean().describe('False as long as it is only declared and somebody has to confirm it'),
  differs: z.literal(true).optional().describe('Of values that must agree, one that agrees with none or not with most'),
})

/** How each rule that is asked of a child is judged, in the policy’s order, and how its points come about. */
export const explainedChild = z.strictObject({
  child: c.childId,
  policy: z.strictObject({ id: z.string(), version: z.number().int(), hash: z.string() }),
  rules: z.array(z.strictObject({
    rule: z.string(),
    says: z.string().describe('The rule in the notice’s own words'),
    verdict,
    needs: z.string().describe('What the rule asks for, in Chinese, by the labels of the policy'),
    because: z.array(z.strictObject({
      test: z.string().describe('In English, by ids'),
      says: z.string().describe('The same in Chinese, by the labels of the policy'),
      value: z.enum(['true', 'false', 'unknown']),
      facts: z.array(readFact).optional(),
      rule: z.string().optional().describe('The rule it asks for, judged in this list too'),
    })).describe('The single tests of which the rule is made'),
  })),
  counted: z.array(z.strictObject({
    fact: z.string(),
    label: z.string().optional(),
    says: z.string().optional(),
    value: c.factValue.optional().describe('Absent as long as a part is unknown'),
    atMost: z.number().optional(),
    parts: z.array(z.strictObject({
      ...readFact.shape,
      says: z.string().optional(),
      points: z.number().optional().describe('Absent as long as nobody has stated the fact'),
      atMost: z.number().optional(),
    })),
  })).describe('Points and other counted facts, row by row'),
})

export const verificationEndpoints = {
  explainChild: endpoint({
    id: 'explainChild',
    method: 'GET',
    path: '/seasons/:season/children/:child/explanation',
    summary: 'Which of the rules that are asked of the child it meets and why, by which facts and whose word, and how its points are counted',
    roles: { guardian: 'own', district: 'own', city: 'any' },
    params: c.ofChild,
    query: c.noQuery,
    body: 'none',
    response: explainedChild,
    status: 200,
    refusals: ['unknown-season', 'unknown-child'],
  }),
  openCases: endpoint({
    id: 'openCases',
    method: 'PUT',
    path: '/seasons/:season/phases/:phase/children/:child/case',
    summary: 'Opens the child’s case of a check or review and, for a check, asks the authorities; idempotent',
    roles: { service: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: z.strictObject({ facts: z.array(c.childFact).describe('What the workflow knows, so that no lag matters') }),
    response: z.strictObject({ state: caseState }),
    status: 200,
    refusals: ['unknown-season', 'unknown-phase', 'not-eligible', 'not-yet'],
  }),
  listCases: endpoint({
    id: 'listCases',
    method: 'GET',
    path: '/seasons/:season/cases',
    summary: 'Cases of the caller’s school or district',
    roles: { school: 'any', district: 'any', city: 'any' },
    params: c.inSeason,
    query: z.strictObject({ phase: c.phaseId.optional(), state: caseState.optional(), ...c.paging }),
    body: 'none',
    response: z.strictObject({ cases: z.array(caseView), next: z.string().optional() }),
    status: 200,
    refusals: ['unknown-season'],
  }),
  getCase: endpoint({
    id: 'getCase',
    method: 'GET',
    path: '/seasons/:season/cases/:phase/children/:child',
    summary: 'One case with its rules explained',
    roles: { guardian: 'own', school: 'own', district: 'own', city: 'any' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: 'none',
    response: caseView,
    status: 200,
    refusals: ['not-found'],
  }),
  decideCase: endpoint({
    id: 'decideCase',
    method: 'POST',
    path: '/seasons/:season/cases/:phase/children/:child/decision',
    summary: 'The decision of the office whose turn it is, with its reason',
    roles: { school: 'own', district: 'own' },
    params: c.ofPhaseAndChild,
    query: c.noQuery,
    body: z.strictObject({
      outcome: z.enum(['approved', 'refused']),
      reason: c.reasonText.optional().describe('Needed for a refusal'),
      findings: z
        .record(z.string(), z.union([z.literal('differs'), z.literal('confirmed'), c.factValue]))
        .optional()
        .describe('What the papers showed about facts this review finds: confirmed as declared, differs (addresses), or a value'),
      revision: z.number().int().optional(),
    }),
    response: z.strictObject({ state: caseState, revision: z.number().int(), receivedAt: c.instant }),
    status: 200,
    refusals: ['not-found', 'window-not-open', 'window-closed', 'wrong-step', 'already-decided', 'rule-unmet', 'rule-met', 'stale-revision', 'unknown-field', 'withdrawn'],
  }),
} as const
