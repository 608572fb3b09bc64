import { expect, test } from 'vitest'
import { momentOf, onStandby } from '#engine/backup/standby.ts'

const began = new Date('2026-11-26T03:00:00.000Z')
const primary = { standby: false, standbyAsOf: null }
const behind = { standby: true, standbyAsOf: '2026-11-02T10:00:00.123456+08:00' }

test('a dump of a standby is of the moment up to which it holds its primary, never younger', () => {
  expect(momentOf(primary, began)).toEqual(began)
  expect(momentOf(behind, began).toISOString()).toBe('2026-11-02T02:00:00.123Z')
  // its primary's clock may lead
  expect(momentOf({ standbyAsOf: '2026-11-26T04:00:00+00:00' }, began)).toEqual(began)
})

test('and says so, also where it can not tell the moment', () => {
  expect(onStandby(primary)).toBe('')
  expect(onStandby(behind)).toContain('until 2026-11-02T10:00:00.123456+08:00')
  expect(onStandby({ standby: true, standbyAsOf: null })).toContain('a moment that it does not tell')
})
