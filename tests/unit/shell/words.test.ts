import { describe, expect, test } from 'vitest'
import { wordsOf } from '../../../src/main/shell/words.ts'

/** Every sentence by its path; those with names in them are called with names. */
function sentences(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = `${path}${key}`
    if (typeof value === 'string') return [[here, value]]
    if (typeof value === 'function') return [[here, String(Reflect.apply(value, undefined, argumentsOf(here)))]]
    return typeof value === 'object' && value !== null ? sentences(value, `${here}.`) : []
  })
}

function argumentsOf(path: string): unknown[] {
  if (path.startsWith('notice.asks.')) return ['SUBJECT']
  if (path.startsWith('notice.')) return /damaged$/i.test(path) ? ['SUBJECT'] : ['backup', 'SUBJECT']
  if (path === 'confirm.server.detail') return ['ops@host', ['prod', 'test']]
  if (path === 'confirm.open.detail') return ['ONE', ['prod', 'test']]
  if (path === 'confirm.pin.message') return ['host:22', ['shop', 'card']]
  if (path === 'confirm.copy.detail') return ['FILE', '3 MB', 2, 1]
  return path === 'title' || path === 'quit.message' ? [2] : ['ONE', 'TWO', 'THREE']
}

const en = sentences(wordsOf('en'))
const zh = new Map(sentences(wordsOf('zh-CN')))

describe('both languages', () => {
  test.each(en)('say %s', (path, english) => {
    const chinese = zh.get(path) ?? ''
    expect(english).not.toBe('')
    expect(chinese).toMatch(/\p{Script=Han}/u)
    // A name or a figure that one language tells and the other leaves out would be half a warning.
    for (const name of english.match(/\b(SUBJECT|ONE|TWO|THREE|FILE|shop|card|prod|test|3 MB|host:22|ops@host)\b/g) ??
      [])
      expect(chinese).toContain(name)
  })
})

test('one job is not "1 jobs"', () => {
  expect(wordsOf('en').title(1)).toBe('Lifeboat – 1 job running')
  expect(wordsOf('en').title(2)).toBe('Lifeboat – 2 jobs running')
})

test('the last copy is called the only one', () => {
  expect(wordsOf('en').confirm.copy.detail('f', '1 MB', 0, 0)).toContain('ONLY copy')
  expect(wordsOf('zh-CN').confirm.copy.detail('f', '1 MB', 0, 0)).toContain('唯一')
})
