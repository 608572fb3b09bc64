import i18next, { type TFunction } from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseState } from '#shared/overview.ts'
import type { VerifiedTable, Verification } from '#shared/verification.ts'
import en from '../../../../src/renderer/locales/en.json' with { type: 'json' }
import zhCN from '../../../../src/renderer/locales/zh-CN.json' with { type: 'json' }
import { headlineOf as overviewHeadline } from '../../../../src/renderer/screens/overview/headline.ts'
import { standingOf, toVerify } from '../../../../src/renderer/screens/overview/standing.ts'
import { headlineOf } from '../../../../src/renderer/screens/verification/headline.ts'
import { objectKindWords } from '../../../../src/renderer/screens/verification/object-words.ts'
import { ladderOf } from '../../../../src/renderer/screens/verification/outcome-panel.tsx'
import { countsOf, judge, verdictOf } from '../../../../src/renderer/screens/verification/verdict.ts'
import { verdictWords } from '../../../../src/renderer/screens/verification/verdict-text.tsx'
import {
  headlineOfFinding,
  verifyFindingKinds,
} from '../../../../src/renderer/screens/verification/verify-finding-words.ts'
import { formatFor } from '../../../../src/renderer/words/format.ts'
import { databases, exact, hoursAgo, now, overview, row, sample } from '../../../app/support/sample-data.ts'
import { verification } from '../../../app/support/sample-verification.ts'

const speak = new Map<string, TFunction>()
beforeAll(async () => {
  const i18n = i18next.createInstance()
  await i18n.init({
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
    lng: 'en',
    interpolation: { escapeValue: false },
  })
  for (const language of ['en', 'zh-CN']) speak.set(language, i18n.getFixedT(language))
})
const t = (language = 'en'): TFunction => speak.get(language) ?? i18next.t

const table = (change: Partial<VerifiedTable> = {}): VerifiedTable => ({
  database: null,
  schema: 'public',
  name: 'orders',
  dumpRows: 100,
  restoredRows: 100,
  match: true,
  sourceRows: 100,
  sourceMatch: true,
  note: null,
  ...change,
})

describe('the verdict on a table', () => {
  test.each([
    [table(), 'equal'],
    [table({ sourceRows: null, sourceMatch: null }), 'equal to the dump'],
    [table({ sourceMatch: null }), 'equal to the dump'],
    [table({ restoredRows: 99, match: false }), '−1 row'],
    [table({ restoredRows: 1304, match: false }), '+1,204 rows'],
    [table({ match: false }), 'other content in as many rows'],
    [table({ restoredRows: null, match: false }), 'did not come back'],
    [table({ restoredRows: null, match: null }), 'not checked'],
    [table({ sourceMatch: false }), 'source has other content'],
    [table({ sourceRows: 90, sourceMatch: false }), 'source: −10 rows'],
  ])('%# is worded', (each, words) => {
    expect(verdictWords(verdictOf(each), t(), formatFor('en'))).toBe(words)
  })

  test('puts damage first, then what was not checked, each with the largest on top', () => {
    const judged = judge([
      table({ name: 'fine', dumpRows: 900 }),
      table({ name: 'unknown', match: null }),
      table({ name: 'small damage', dumpRows: 1, restoredRows: 0, match: false }),
      table({ name: 'large damage', dumpRows: 50, match: false }),
    ])
    expect(judged.map((each) => each.table.name)).toEqual(['large damage', 'small damage', 'unknown', 'fine'])
    expect(countsOf(judged)).toEqual({ all: 4, damaged: 2, unchecked: 1, equal: 1, source: 1 })
  })
})

describe.each(['en', 'zh-CN'])('the headline in %s', (language) => {
  const said = (of: Verification) => headlineOf(of, countsOf(judge(of.tables)), t(language))

  test('calls exact only what is proven exact', () => {
    const proven = verification('v', 'proven', hoursAgo(1))
    const titles = [
      said(proven).title,
      said({ ...proven, rung: 'restored' }).title,
      said(verification('v', 'damaged', hoursAgo(1))).title,
      said(verification('v', 'not-checked', hoursAgo(1))).title,
    ]
    expect(new Set(titles).size).toBe(4)
  })

  test('says what is wrong or why nothing is known, with nothing left open', () => {
    for (const outcome of ['proven', 'damaged', 'not-checked'] as const) {
      const { sentences } = said(verification('v', outcome, hoursAgo(1)))
      expect(sentences.length).toBeGreaterThan(0)
      for (const sentence of sentences) expect(sentence).not.toMatch(/\{\{|undefined|null|NaN/)
    }
    expect(said(verification('v', 'not-checked', hoursAgo(1))).sentences.join(' ')).toContain('postgis')
  })

  test('has words for every finding, and leaves an unknown one its own sentence', () => {
    for (const kind of [...verifyFindingKinds, 'cut', 'sandbox-full'])
      expect(headlineOfFinding({ kind }, t(language))).not.toMatch(/^verify\.|^$/)
    expect(headlineOfFinding({ kind: 'from a later version' }, t(language))).toBeNull()
  })
})

test('a kind of object that is not known here shows as it calls itself, made printable', () => {
  expect(objectKindWords('materialized view', t())).toBe('Materialized views')
  expect(objectKindWords('time \u202Emachine', t())).toBe('time \\u{202e}machine')
})

test('the ladder of a verification shows what this one tried, whatever a later one found', () => {
  const old = verification('v', 'proven', hoursAgo(9))
  const copy = row(1, sample(databases, 1), 20, 'proven', 1)
  const later = { ...copy, proofs: [...copy.proofs, ...verification('w', 'damaged', hoursAgo(1)).proofs] }
  expect(ladderOf(later, old).map(({ rung, outcome }) => `${rung} ${outcome}`)).toEqual([
    'stored proven',
    'readable proven',
    'restored proven',
    'exact proven',
  ])
})

describe('the overview', () => {
  const owner = sample(databases, 0)
  const [, fresh] = overview().databases
  const state = (change: Partial<DatabaseState>): DatabaseState => {
    if (!fresh) throw new Error('The sample overview has no such database.')
    return { ...fresh, newestExact: null, lastRestore: null, ...change }
  }
  const proven = exact(row(1, owner, 20, 'proven', 1))
  const tooOld = exact(row(1, owner, 27, 'proven', 1))
  const title = (...states: DatabaseState[]) => overviewHeadline(states, 26, now, t())

  test('calls a database safe only by an exact copy inside the age limit', () => {
    expect(standingOf(state({ newestExact: proven }), 26, now)).toBe('safe')
    expect(standingOf(state({ newestExact: tooOld }), 26, now)).toBe('fresh')
    expect(title(state({ newestExact: proven }), state({})).title).toBe('1 of 2 databases is safe')
    expect(title(state({ newestExact: proven }), state({ newestExact: proven })).title).toBe('Both databases are safe')
    expect(title(state({}), state({ newestExact: tooOld })).title).toBe('Both databases have a fresh readable copy')
  })

  test('says that restoring is not proven only where no copy was ever restored', () => {
    const restore = { seconds: 9, at: hoursAgo(400), copyId: 'c1' }
    expect(title(state({})).meaning).toContain('Restoring is not proven yet.')
    expect(title(state({ lastRestore: restore })).meaning).not.toContain('Restoring is not proven yet.')
  })

  test('verifies the newest copy that is not known to be damaged', () => {
    const [damaged, good] = [row(0, owner, 1, 'damaged', 1), row(3, owner, 30, 'proven', 1)]
    expect(toVerify(state({ newest: damaged, newestGood: good }))?.id).toBe(good.id)
    expect(toVerify(state({ newest: damaged, newestGood: null }))).toBeNull()
    const unread = row(5, owner, 1, 'not-checked', 1)
    expect(toVerify(state({ newest: unread, newestGood: good }))?.id).toBe(unread.id)
  })
})
