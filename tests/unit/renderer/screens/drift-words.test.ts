import i18next from 'i18next'
import { expect, test } from 'vitest'
import type { Care } from '#shared/overview.ts'
import en from '../../../../src/renderer/locales/en.json' with { type: 'json' }
import zhCN from '../../../../src/renderer/locales/zh-CN.json' with { type: 'json' }
import { driftParts } from '../../../../src/renderer/screens/overview/drift-words.ts'

const i18n = i18next.createInstance()
await i18n.init({
  resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
  lng: 'en',
  interpolation: { escapeValue: false },
})

const nothing: Extract<Care, { kind: 'drift' }> = {
  kind: 'drift',
  databaseId: 'd',
  server: 'shop',
  label: 'prod',
  sealId: 's',
  at: '2026-01-01T00:00:00.000Z',
  added: 0,
  removed: 0,
  changed: 0,
  otherwise: 0,
  missing: 0,
  unsealed: 0,
}

test('only what differs is told, each with its number', () => {
  const t = i18n.getFixedT('en')
  expect(driftParts({ ...nothing, added: 2, changed: 1 }, t)).toEqual(['2 keys added', '1 key changed'])
  expect(driftParts({ ...nothing, missing: 1, unsealed: 2, otherwise: 1, removed: 1 }, t)).toEqual([
    '1 key removed',
    '2 files are not in the seal',
    '1 file is gone',
    'comments, order or quotes of 1 file',
  ])
  expect(driftParts({ ...nothing, changed: 3 }, i18n.getFixedT('zh-CN'))).toEqual(['修改 3 个键'])
})
