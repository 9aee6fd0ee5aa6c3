import type { Timeline, TimelinePhaseOf } from '../../../../policies/timeline.js'

/** The rule of a round's draw as it is announced. */
export const ruleOf = ({ policy }: Timeline, { id }: TimelinePhaseOf<'round'>, isRehearsal: boolean): string =>
  `${isRehearsal ? 'REHEARSAL: instants and secrets of this draw are made up. 演练：时刻与随机数均为模拟。\n' : ''}` +
  `Round ${id} of the policy ${policy.id}, version ${policy.version}, hash ${policy.hash}. Places are given as docs/rounds.md says, tickets and seeds are drawn as docs/draw.md says. ` +
  'A witness who has not revealed by the instant named is absent; if fewer reveal than the commit asks for, the draw begins again with the next run.\n' +
  '名单先于随机数公布；见证人逾期未揭示视为缺席；揭示人数不足的，重新开始下一次摇号。\n'
