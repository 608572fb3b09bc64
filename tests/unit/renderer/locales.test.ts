import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { failureKinds } from '#shared/failure.ts'
import { findingWeight } from '#shared/dump-report.ts'
import en from '../../../src/renderer/locales/en.json' with { type: 'json' }
import zhCN from '../../../src/renderer/locales/zh-CN.json' with { type: 'json' }

const source = fileURLToPath(new URL('../../../src/renderer/', import.meta.url))

/** Leaves of a locale by their dotted key. */
function leaves(tree: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]: [string, unknown]): [string, string][] => {
      const key = prefix === '' ? name : `${prefix}.${name}`
      if (typeof value === 'string') return [[key, value]]
      return typeof value === 'object' && value !== null ? [...leaves(value, key)] : []
    }),
  )
}

const english = leaves(en)
const chinese = leaves(zhCN)
const plural = /_(?:zero|one|two|few|many|other)$/
const base = (key: string): string => key.replace(plural, '')
const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1] ?? '').toSorted()

function sourceText(): string {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(`${source}${file}`, 'utf8'))
    .join('\n')
}

describe('the locales', () => {
  test('hold the same keys in both languages', () => {
    const keysOf = (locale: Map<string, string>): string[] => [...new Set([...locale.keys()].map(base))].toSorted()
    expect(keysOf(chinese)).toEqual(keysOf(english))
  })

  test.each([
    ['en', english],
    ['zh-CN', chinese],
  ] as const)('have every plural form that %s needs', (language, locale) => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    const counted = new Set([...locale.keys()].filter((key) => plural.test(key)).map(base))
    for (const key of counted) {
      for (const category of pluralCategories) expect([...locale.keys()]).toContain(`${key}_${category}`)
    }
  })

  test('put the same values into a sentence', () => {
    for (const [key, text] of chinese) {
      const counterpart = english.get(key) ?? english.get(`${base(key)}_other`)
      expect([key, placeholders(text)]).toEqual([key, placeholders(counterpart ?? '')])
    }
  })

  test('write every count as the language does', () => {
    for (const [key, text] of [...english, ...chinese]) expect([key, text.includes('{{count}}')]).toEqual([key, false])
  })

  test('leave nothing empty, and nothing English in the Chinese by oversight', () => {
    const meant = new Set(['sentence.gap'])
    for (const [key, text] of [...english, ...chinese])
      expect([key, text !== '' || meant.has(key)]).toEqual([key, true])
    const same = [...chinese].filter(
      ([key, text]) => english.get(key) === text && /[a-z]{4}/i.test(text.replace(/\{\{.*?\}\}/g, '')),
    )
    expect(same.map(([key]) => key)).toEqual([
      'checkName.shell',
      'checkName.docker',
      'checkName.compose',
      'checkName.postgres',
      'checkName.pg-dump',
      'check.docker',
      'check.compose',
      'check.pgDump',
    ])
  })

  test('hold no key that nothing uses, and every one that something does', () => {
    const text = sourceText()
    const literal = new Set([...text.matchAll(/['"`]([a-z][\w-]*(?:\.[\w-]+)+)['"`]/gi)].map((match) => match[1] ?? ''))
    const patterns = [...text.matchAll(/`([a-zA-Z]+(?:[.-]\w+)*[.-])\$\{[^}]*\}([.\w-]*)`/g)].map(
      (match) => new RegExp(`^${escape(match[1] ?? '')}[\\w-]+${escape(match[2] ?? '')}$`),
    )
    const keys = [...new Set([...english.keys()].map(base))]
    const unused = keys.filter((key) => !literal.has(key) && !patterns.some((pattern) => pattern.test(key)))
    expect(unused).toEqual([])
    const used = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')
    expect(used.filter((key) => !keys.includes(key))).toEqual([])
  })

  test('have a headline and a remedy for every failure, and words for every finding', () => {
    for (const locale of [english, chinese]) {
      for (const kind of failureKinds) {
        expect(locale.get(`failure.${kind}.title`)).toBeTruthy()
        expect(locale.get(`failure.${kind}.remedy`)).toBeTruthy()
      }
      for (const kind of Object.keys(findingWeight)) expect(locale.get(`finding.kind.${kind}`)).toBeTruthy()
    }
  })

  test('say safe only where a copy was restored and proven exact', () => {
    for (const [key, text] of [...english, ...chinese].filter(([name]) => /^(?:overview|care|verify)\./.test(name))) {
      expect([key, /\bsafe\b|安全/i.test(text)]).toEqual([key, key.startsWith('overview.safe')])
    }
  })
})

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
