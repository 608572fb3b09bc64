import { describe, expect, test } from 'vitest'
import { weekday } from '../../../../src/renderer/screens/overview/calendar.tsx'
import { points } from '../../../../src/renderer/screens/overview/size-trend.tsx'
import { changeOf, nameOfTable } from '../../../../src/renderer/screens/copy/table-change.ts'
import { fileName } from '../../../../src/renderer/screens/copy/copy-page.tsx'
import { changes, hoursAgo } from '../../../app/support/sample-data.ts'

test('a week begins on Monday, in every zone', () => {
  expect(weekday('2026-11-23')).toBe(0)
  expect(weekday('2026-11-22')).toBe(6)
})

describe('the line of sizes', () => {
  test('stays inside its frame, and a fall goes down', () => {
    const line = points(
      [100, 100, 5].map((bytes, index) => ({ takenAt: hoursAgo(9 - index), bytes, face: 'proven' as const })),
    )
    for (const { x, y } of line) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(156)
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(56)
    }
    expect(line[2]?.y).toBeGreaterThan(line[1]?.y ?? Infinity)
  })

  test('copes with one copy, with none, and with nothing in it', () => {
    expect(points([])).toEqual([])
    expect(
      points([{ takenAt: hoursAgo(1), bytes: 0, face: 'damaged' }]).every(({ x, y }) => Number.isFinite(x + y)),
    ).toBe(true)
  })
})

test('a table says what changed in it since the copy before', () => {
  const table = (name: string) => ({ schema: 'public', name, rows: 1, fingerprint: null, database: null })
  expect(changeOf(table('documents_agentcard'), changes)).toEqual({ kind: 'rows', rows: 1112 })
  expect(changeOf(table('django_session'), changes)).toEqual({ kind: 'rows', rows: -3 })
  expect(changeOf(table('auth_user'), changes)).toEqual({ kind: 'edited' })
  expect(changeOf(table('订单_2026'), changes)).toEqual({ kind: 'new' })
  expect(changeOf(table('auth_user'), { ...changes, edited: [], unknown: ['public.auth_user'] })).toEqual({
    kind: 'unknown',
  })
  expect(changeOf(table('auth_user'), { ...changes, before: null })).toEqual({ kind: 'none' })
  expect(nameOfTable({ ...table('t'), database: 'db' })).toBe('db.public.t')
})

test('a file is named without its folder, on every system', () => {
  expect(fileName('/home/me/Lifeboat/a.sql.gz')).toBe('a.sql.gz')
  expect(fileName('C:\\Users\\me\\a.sql.gz')).toBe('a.sql.gz')
})
