import { describe, expect, it } from 'vitest'
import type { Backup } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { choose } from '#engine/backup/pull.ts'
import { splitName } from '#engine/backup/pull-one.ts'

const backup = (name: string, copyId: string | null = null): Backup => ({
  name,
  path: `/srv/${name}`,
  bytes: 1,
  modifiedAt: '2025-01-09T03:00:00.000Z',
  copyId,
  outcome: copyId === null ? null : 'proven',
})

describe('which backups are brought', () => {
  const backups = [backup('c.sql', 'here'), backup('b.sql'), backup('a.sql')]
  const now = Date.parse('2025-01-09T09:00:00.000Z')
  const names = (chosen: Backup[]): string[] => chosen.map(({ name }) => name)

  it('all that are not here yet, newest first', () => {
    expect(names(choose(backups, { kind: 'all' }, now))).toEqual(['b.sql', 'a.sql'])
  })

  it('the newest one only, and an older one never in its place', () => {
    expect(names(choose(backups, { kind: 'newest' }, now))).toEqual([])
    expect(names(choose(backups.slice(1), { kind: 'newest' }, now))).toEqual(['b.sql'])
    expect(choose([], { kind: 'newest' }, now)).toEqual([])
  })

  it('and a file of a day to come is no newest one, for ever in the way of those that follow', () => {
    const ahead = { ...backup('z.sql', 'here'), modifiedAt: '2031-01-01T00:00:00.000Z' }
    expect(names(choose([ahead, ...backups.slice(1)], { kind: 'newest' }, now))).toEqual(['b.sql'])
    expect(names(choose([{ ...ahead, copyId: null }], { kind: 'newest' }, now))).toEqual(['z.sql'])
  })

  it('the named ones; one that is gone is a failure and not silence', () => {
    expect(names(choose(backups, { kind: 'named', names: ['a.sql', 'c.sql'] }, now))).toEqual(['a.sql'])
    const gone = (): unknown => choose(backups, { kind: 'named', names: ['a.sql', 'old\n.sql'] }, now)
    expect(gone).toThrow(LifeboatFailure)
    expect(gone).toThrow('old⏎.sql is not on the server any more.')
  })
})

describe('the name of a backup', () => {
  it.each([
    ['backup_prod_20250109_030000.sql.gz', 'backup_prod_20250109_030000', 'sql.gz'],
    ['a.b.SQL.ZST', 'a.b', 'SQL.ZST'],
    ['x.sql.sql', 'x.sql', 'sql'],
    ['x.dump', 'x', 'dump'],
    ['.sql.gz', 'backup', 'sql.gz'],
    ['no-ending', 'backup', 'sql'],
  ])('%s has the stem %s and the extension %s', (name, stem, extension) => {
    expect(splitName(name)).toEqual({ stem, extension })
  })
})
