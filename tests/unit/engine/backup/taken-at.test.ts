import { expect, test } from 'vitest'
import { takenAt } from '#engine/backup/pull-one.ts'

const hour = 3_600_000
const storedAt = new Date('2026-11-26T09:00:00.000Z')
const at = (modifiedAt: string, clockLeadMs: number, name = 'b.sql'): string =>
  takenAt({ name, modifiedAt }, { clockLeadMs }, storedAt)

test.each([
  ['the server says, where its clock is right', '2026-11-26T03:00:00.000Z', 0, '2026-11-26T03:00:00.000Z'],
  [
    'the server says, whatever a second of asking makes of its clock',
    '2026-11-26T03:00:00.000Z',
    1500,
    '2026-11-26T03:00:00.000Z',
  ],
  [
    'it is by our clock, where the server is eight hours ahead',
    '2026-11-26T11:00:00.000Z',
    8 * hour,
    '2026-11-26T03:00:00.000Z',
  ],
  [
    'the server says, where it lags: data may look older, never younger',
    '2026-11-25T19:00:00.000Z',
    -8 * hour,
    '2026-11-25T19:00:00.000Z',
  ],
  ['it came here, where the file is of a day to come', '2031-01-01T00:00:00.000Z', 0, '2026-11-26T09:00:00.000Z'],
])('a backup was made when %s', (_, modifiedAt, lead, expected) => {
  expect(at(modifiedAt, lead)).toBe(expected)
})

test('a file that was moved without its times is as old as its name says', () => {
  const moved = '2026-11-26T08:00:00.000Z'
  expect(at(moved, 0, 'backup_prod_20250109_030000.sql.gz')).toBe('2025-01-09T03:00:00.000Z')
  // as long as the name and the time can both be true, the file tells it better
  expect(at(moved, 0, 'backup_prod_20261126_030000.sql.gz')).toBe(moved)
  expect(at(moved, 0, 'backup_prod_20270109_030000.sql.gz')).toBe(moved)
  for (const name of ['backup_prod_20251399_030000.sql', 'order_123456789_0300001.sql', 'prod.sql'])
    expect(at(moved, 0, name)).toBe(moved)
})
