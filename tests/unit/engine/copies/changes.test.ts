import { expect, test } from 'vitest'
import { changesBetween } from '#engine/copies/changes.ts'
import type { CopyTable } from '#shared/copy.ts'

const table = (name: string, rows: number, fingerprint: string | null): CopyTable => ({
  schema: 'public',
  name,
  rows,
  fingerprint,
  database: null,
})
const copy = (id: string, tables: CopyTable[]) => ({ id, takenAt: '2025-06-15T12:00:00.000Z', tables })

test('tables come and gone, rows, and edits that left the number of rows as it was', () => {
  const before = copy('a', [
    table('same', 1, '1'),
    table('grown', 1, '1'),
    table('edited', 2, '1'),
    table('gone', 1, '1'),
  ])
  const now = copy('b', [
    table('same', 1, '1'),
    table('grown', 5, '9'),
    table('edited', 2, '2'),
    table('added', 0, '0'),
  ])
  expect(changesBetween(before, now)).toEqual({
    before: { id: 'a', takenAt: '2025-06-15T12:00:00.000Z' },
    tablesAdded: ['public.added'],
    tablesGone: ['public.gone'],
    rows: [{ table: 'public.grown', before: 1, now: 5 }],
    edited: ['public.edited'],
  })
})

test('an unknown fingerprint is no sign of an edit, and without a copy before there is nothing to tell', () => {
  const before = copy('a', [table('t', 2, null)])
  expect(changesBetween(before, copy('b', [table('t', 2, '7')])).edited).toEqual([])
  expect(changesBetween(null, before)).toEqual({ before: null, tablesAdded: [], tablesGone: [], rows: [], edited: [] })
})
