import i18next, { type TFunction } from 'i18next'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkNames, type Check } from '#shared/server.ts'
import en from '../../../../src/renderer/locales/en.json' with { type: 'json' }
import zhCN from '../../../../src/renderer/locales/zh-CN.json' with { type: 'json' }
import { checkWords } from '../../../../src/renderer/screens/server/check-words.ts'
import { formatFor } from '../../../../src/renderer/words/format.ts'
import { serverTest } from '../../../app/support/sample-bridge.ts'

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

const check = (change: Partial<Check>): Check => ({
  name: 'docker',
  outcome: 'proven',
  facts: {},
  detail: 'as the engine says it',
  remedy: null,
  seconds: 0,
  ...change,
})

describe.each(['en', 'zh-CN'])('a check in %s', (language) => {
  const said = (value: Check): string | null => checkWords(value, speak.get(language) ?? i18next.t, formatFor(language))

  test('is worded from its facts, with nothing left out', () => {
    const proven = serverTest('s1', false).checks.filter(({ outcome }) => outcome === 'proven')
    expect(proven.length).toBeGreaterThan(9)
    for (const each of proven) {
      expect([each.name, said(each)]).toEqual([each.name, expect.not.stringMatching(/\{\{|undefined|null|NaN/)])
      expect(said(each)).not.toBeNull()
    }
  })

  test('falls back to the engine’s sentence when a fact is missing, and always when it failed', () => {
    for (const name of checkNames) expect(said(check({ name }))).toBeNull()
    expect(said(check({ name: 'login', outcome: 'failed', facts: { user: 'deploy' } }))).toBeNull()
  })

  test('says what is wrong with Docker', () => {
    const states = ['absent', 'refused', 'stopped'].map((state) => said(check({ outcome: 'failed', facts: { state } })))
    expect(new Set(states).size).toBe(3)
    expect(states).not.toContain(null)
    expect(said(check({ outcome: 'failed', facts: { state: 'broken' } }))).toBeNull()
  })

  test('shows marks that hide in a server’s words', () => {
    const text = said(check({ facts: { version: '28\u202E.1', containers: 1 } }))
    expect(text).toContain('\\u{202e}')
  })
})
