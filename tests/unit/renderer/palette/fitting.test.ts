import { expect, test } from 'vitest'
import type { Entry } from '../../../../src/renderer/palette/entries.ts'
import { fitting } from '../../../../src/renderer/palette/fitting.ts'

const entry = (group: string, title: string, more: Partial<Entry> = {}): Entry => ({
  id: title,
  group,
  title,
  run: () => undefined,
  ...more,
})

const entries = [
  entry('Databases', 'Back up shop now', { label: 'prod' }),
  entry('Databases', 'Compare the newest copy of shop…', { label: 'prod' }),
  entry('Databases', 'Change shop…', { label: 'prod', words: ['Edit'] }),
  entry('Servers', 'Open shop'),
  entry('Lifeboat', '重建目录', { id: 'rebuild' }),
]
const found = (search: string): string[] => fitting(entries, search).map(({ title }) => title)

test('what fits best comes first, also out of a later group', () => {
  expect(found('open shop')[0]).toBe('Open shop')
  expect(found('back prod')[0]).toBe('Back up shop now')
  expect(found('edit shop')).toContain('Change shop…')
  expect(found('rebuild')[0]).toBe('重建目录')
})

test('nothing typed keeps the order, and what fits nothing is not shown', () => {
  expect(found(' ')).toEqual(entries.map(({ title }) => title))
  expect(found('qqq')).toEqual([])
})
