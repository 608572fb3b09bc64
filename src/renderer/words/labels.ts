/** How a label is coloured wherever it is named: production must never be mistaken for anything else. */
export type LabelKind = 'prod' | 'test' | 'other'

const production = /^(?:prod|prd|production|live|生产|正式|线上)/i
const trial = /^(?:test|stag|dev|demo|qa|uat|测试|开发|预发)/i

export function labelKind(label: string): LabelKind {
  if (production.test(label)) return 'prod'
  return trial.test(label) ? 'test' : 'other'
}
