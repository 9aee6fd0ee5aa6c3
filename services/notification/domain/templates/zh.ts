import type { PaperKind, PaperState } from '../paper.js'
import { lines, type PaperContent, type Wording } from './wording.js'

const NAMES: Record<PaperKind, string> = {
  'place-notice': '学位通知单', 'admission-letter': '录取通知书', result: '录取结果通知', arrangement: '统筹安排通知', reminder: '提醒',
}

const STATES: Record<PaperState, (content: PaperContent) => string | undefined> = {
  issued: () => undefined,
  exchanged: ({ exchangedFor }) => `本单已换取录取通知书${exchangedFor === undefined ? '' : ` ${exchangedFor}`}。`,
  void: () => '本单已作废。',
}

const paper = (...body: ((content: PaperContent) => string | undefined)[]) => (content: PaperContent) => ({
  subject: `${NAMES[content.kind]} ${content.number}`,
  text: lines(
    `${NAMES[content.kind]}（编号 ${content.number}）`,
    '',
    `${content.guardianName}家长：`,
    ...body.map((line) => line(content)),
    STATES[content.state](content),
    '',
    `教育局 ${content.issuedAt}`,
  ),
})

const window = (what: string) => ({ opens, closes }: PaperContent) =>
  (opens === undefined || closes === undefined ? undefined : `${what}时间：${opens}至${closes}（${closes}整截止）。`)

/** 中文. */
export const zh: Wording = {
  instant: { format: 'yyyy年M月d日HH:mm', locale: 'zh-CN' },
  phases: {
    registration: '信息采集', choice: '志愿填报', check: '信息核验', review: '信息审核', round: '录取', notice: '发放通知',
    result: '结果查询', publication: '信息公布', confirmation: '学位确认', 'check-in': '报到', arrangement: '统筹安排', closing: '招生结束',
  },
  papers: {
    'place-notice': paper(
      ({ childName, schoolName }) => `${childName}同学的学位已确定${schoolName === undefined ? '' : `，学校为${schoolName}`}。`,
      window('报到'),
      ({ opens }) => (opens === undefined ? undefined : '请持本通知单到学校报到，换取录取通知书。每名学生一份，只能换取一次，逾期未报到视为放弃。'),
    ),
    'admission-letter': paper(
      ({ childName, schoolName }) => `${childName}同学已被${schoolName ?? '学校'}录取，请按学校通知的时间入学。`,
    ),
    result: paper(
      ({ childName, schoolName }) =>
        (schoolName === undefined ? `${childName}同学在本批次未被录取，其他批次的资格不受影响。` : `${childName}同学在本批次被${schoolName}录取。`),
      ({ schoolName, ...content }) => (schoolName === undefined ? undefined : window('报到')(content)),
      ({ schoolName, opens }) => (schoolName === undefined || opens === undefined ? undefined : '逾期未报到视为放弃。'),
    ),
    arrangement: paper(
      ({ childName, schoolName }) =>
        (schoolName === undefined ? `${childName}同学将由教育行政部门统筹安排入学，请留意后续通知。` : `经统筹安排，${childName}同学到${schoolName}就读。`),
    ),
    reminder: paper(
      ({ childName, phase }) => `${childName}同学的“${phase}”尚未完成。`,
      window('办理'),
    ),
  },
  sms: ({ kind, number, childName }) => `【入学】${childName}同学的${NAMES[kind]}（${number}）已出具，请登录招生平台查看。`,
}
