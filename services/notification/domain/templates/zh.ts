import { END_REASONS } from '../../../../contracts/enrollment.js'
import type { PaperKind, PaperState } from '../paper.js'
import { lines, type PaperContent, type Step, type Wording } from './wording.js'

const NAMES: Record<PaperKind, string> = {
  'place-notice': '学位通知单', 'admission-letter': '录取通知书', result: '录取结果通知', arrangement: '统筹安排通知', end: '办结通知', reminder: '提醒',
}

const STATES: Record<PaperState, (content: PaperContent) => string | undefined> = {
  issued: () => undefined,
  exchanged: ({ exchangedFor }) => `本单已换取录取通知书${exchangedFor === undefined ? '' : ` ${exchangedFor}`}。`,
  void: () => '本单已作废。',
}

/** A result is that of a round, or of what its phase is called. */
const nameOf = ({ kind, phase, phaseKind }: PaperContent) => (kind === 'result' && phaseKind !== 'round' ? `${phase}结果通知` : NAMES[kind])

const paper = (...body: ((content: PaperContent) => string | undefined)[]) => (content: PaperContent) => ({
  subject: `${nameOf(content)} ${content.number}`,
  text: lines(
    `${nameOf(content)}（编号 ${content.number}）`,
    '',
    `${content.guardianName}家长：`,
    ...body.map((line) => line(content)),
    STATES[content.state](content),
    '',
    `教育局 ${content.issuedAt}`,
  ),
})

const when = (what: string, { opens, closes }: Step) => `${what}时间：${opens}至${closes}（${closes}整截止）。`

const takingUp = ({ window }: PaperContent) => window && when(window.phase, window)

const result = ({ childName, schoolName, method, phase, phaseKind, next: step }: PaperContent): string => {
  if (phaseKind === 'review') return `${childName}同学的${phase}未通过。${step ? '' : '其他途径的入学申请不受影响。'}`
  if (phaseKind === 'confirmation') return `${childName}同学未在截止前确认学位，视为自动放弃。`
  if (phaseKind === 'check-in') return `${childName}同学逾期未到校报到，视为自动放弃该学位。`
  if (schoolName === undefined) {
    return method === 'residual' ? `周边学校已无剩余学位，${childName}同学在本批次未能安排。` : `${childName}同学在本批次未被录取，其他批次的资格不受影响。`
  }
  return method === 'residual' ? `经调剂安排，${childName}同学到周边有剩余学位的${schoolName}就读。` : `${childName}同学在本批次被${schoolName}录取。`
}

const forfeiting = ({ schoolName, window }: PaperContent) => {
  if (schoolName === undefined || !window) return undefined
  return window.kind === 'confirmation' ? '请在截止前登录招生平台确认学位，逾期未确认视为放弃。' : '逾期未报到视为放弃。'
}

/** Why a review refused; an office's own words stand in the case only, which its family reads. */
const ground = ({ phaseKind, reason }: PaperContent) => {
  if (phaseKind !== 'review') return undefined
  return reason === undefined ? '原因见审核意见，请登录招生平台查看。' : `原因：不符合${reason}。`
}

const DESKS: Record<string, string> = { 'zoned-school': '对口学校现场', school: '所报学校现场' }
const where = ({ desk }: Step) => (desk === undefined ? '请登录招生平台办理。' : `办理地点：${DESKS[desk] ?? '教育行政部门指定地点'}。`)
const bringing = ({ brings }: Step) => (brings === undefined ? '' : `请携带：${brings.join('、')}。`)

const next = ({ next: step }: PaperContent) => {
  if (!step) return undefined
  return step.kind === 'arrangement' ? `接下来由教育行政部门统筹安排入学，自${step.opens}起办理，请留意后续通知。` : `接下来可办理“${step.phase}”。${when('办理', step)}${where(step)}${bringing(step)}`
}

const arrangement = ({ childName, schoolName, way }: PaperContent): string => {
  if (way === 'deferral') return `${childName}同学已按规定办理缓学手续，本年度暂不入学。`
  if (schoolName === undefined) return `${childName}同学将由教育行政部门统筹安排入学，请留意后续通知。`
  if (way === 'home-teaching') return `经统筹安排，${childName}同学的学籍在${schoolName}，由学校送教上门。`
  return `经统筹安排，${childName}同学到${schoolName}${way === 'inclusive-class' ? '随班就读' : '就读'}。`
}

const because = ({ reason }: PaperContent) => (reason === undefined ? undefined : `原因：${reason.replace(/。$/, '')}。`)

/** 中文. */
export const zh: Wording = {
  instant: { format: 'yyyy年M月d日HH:mm', locale: 'zh-CN' },
  phases: {
    registration: '信息采集', choice: '志愿填报', check: '信息核验', review: '信息审核', round: '录取', notice: '发放通知',
    result: '结果查询', publication: '信息公布', confirmation: '学位确认', 'check-in': '报到', arrangement: '统筹安排', closing: '招生结束',
  },
  labelled: (_kind, label) => label,
  reasons: {
    [END_REASONS.noSeat]: '招生结束时仍未取得学位',
    [END_REASONS.notTakenUp]: '未按时报到或确认，学位未落实',
  },
  papers: {
    'place-notice': paper(
      ({ childName, schoolName }) => `${childName}同学的学位已确定${schoolName === undefined ? '' : `，学校为${schoolName}`}。`,
      takingUp,
      ({ window }) => (window === undefined ? undefined : '请持本通知单到学校报到，换取录取通知书。每名学生一份，只能换取一次，逾期未报到视为放弃。'),
    ),
    'admission-letter': paper(
      ({ childName, schoolName }) => `${childName}同学已被${schoolName ?? '学校'}录取，请按学校通知办理入学。`,
    ),
    result: paper(
      result,
      ground,
      (content) => (content.schoolName === undefined ? next(content) : takingUp(content)),
      forfeiting,
    ),
    arrangement: paper(arrangement, because),
    end: paper(({ childName }) => `${childName}同学本次入学申请已办结，未安排学位。`, because),
    reminder: paper(
      ({ childName, phase }) => `${childName}同学的“${phase}”尚未完成。`,
      ({ window }) => window && when('办理', window),
    ),
  },
  sms: (content) => `【入学】${content.childName}同学的${nameOf(content)}（${content.number}）已出具，请登录招生平台查看。`,
}
