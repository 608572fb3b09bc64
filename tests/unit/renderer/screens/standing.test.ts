import { describe, expect, test } from 'vitest'
import { byUrgency, newerIsDamaged, standingOf } from '../../../../src/renderer/screens/overview/standing.ts'
import type { DatabaseState } from '#shared/overview.ts'
import type { Outcome } from '#shared/proof.ts'
import { databases, exact, now, row, sample } from '../../../app/support/sample-data.ts'

const owner = sample(databases, 0)

function state(newest: Outcome | null, goodAge: number | null, id = 'd'): DatabaseState {
  return {
    database: { ...owner, id },
    newest: newest === null ? null : row(1, owner, newest === 'proven' && goodAge !== null ? goodAge : 1, newest, 10),
    newestGood: goodAge === null ? null : row(newest === 'proven' ? 1 : 2, owner, goodAge, 'proven', 10),
    face: newest ?? 'not-checked',
    copies: 1,
    days: [],
    sizes: [],
    lastBackupSeconds: null,
    newestExact: null,
    lastRestore: null,
  }
}

describe('what can be said about a database', () => {
  test('is fresh only with a readable copy inside the age limit', () => {
    expect(standingOf(state('proven', 25.9), 26, now)).toBe('fresh')
    expect(standingOf(state('proven', 26.1), 26, now)).toBe('old')
  })

  test('is never fresh by a copy that is damaged, not read, or not there', () => {
    expect(standingOf(state('damaged', null), 26, now)).toBe('damaged')
    expect(standingOf(state('not-checked', null), 26, now)).toBe('unread')
    expect(standingOf(state(null, null), 26, now)).toBe('none')
  })

  test('stays fresh when a newer copy is damaged and an older good one is young enough, and says so', () => {
    const mixed = state('damaged', 20)
    expect(standingOf(mixed, 26, now)).toBe('fresh')
    expect(newerIsDamaged(mixed)).toBe(true)
    expect(newerIsDamaged(state('proven', 20))).toBe(false)
  })

  test('puts the worst first, and the older one first among equals', () => {
    const sorted = byUrgency(
      [state('proven', 1, 'young'), state('proven', 9, 'older'), state(null, null, 'none'), state('proven', 90, 'old')],
      26,
      now,
    )
    expect(sorted.map(({ database }) => database.id)).toEqual(['none', 'old', 'older', 'young'])
  })

  test('is neither fresh nor safe by a copy from the future, whose age nobody knows', () => {
    const of = (hours: number) => {
      const copy = row(1, owner, hours, 'proven', 10)
      return { ...state('proven', 1), newestGood: copy, newestExact: exact(copy) }
    }
    expect(standingOf(of(-5), 26, now)).toBe('old')
    // clocks may be a little apart
    expect(standingOf(of(-0.05), 26, now)).toBe('safe')
  })
})
