import { describe, expect, it } from 'vitest'
import { failureKinds, LifeboatFailure } from '#shared/failure.ts'
import { serverSchema } from '#shared/server.ts'
import type { DockerState } from '#engine/docker/remote.ts'
import { turnedBack } from '#engine/servers/arrival.ts'
import type { Discovery, Found } from '#engine/servers/discover.ts'
import { clockVerdict, composeVerdict, diskVerdict, dockerVerdict, shellVerdict } from '#engine/servers/verdicts.ts'
import { backupsVerdict, dumpToolVerdict, envVerdict, postgresVerdict } from '#engine/servers/verdicts-found.ts'

const ready: DockerState = { state: 'ready', docker: { path: '/usr/bin/docker', version: '28.2.2', compose: null } }
const refused: DockerState = { state: 'refused', path: '/usr/bin/docker', said: 'permission denied' }
const nothing: Discovery = { found: [], stopped: [], unanswered: [], hostRefusal: null }

function found(label: string, change: Partial<Found> = {}, size: number | null = 1000): Found {
  const place = { kind: 'container' as const, container: label }
  const database = { label, place, project: null, container: label, image: 'postgres', dbname: label, dbuser: 'u' }
  return {
    database: { ...database, serverVersion: '18.1', dumpVersion: '18.1', size, backups: null, env: [] },
    versionNumber: 180_001,
    tool: { version: '18.1', major: 18, zstd: true },
    dir: null,
    ...change,
  }
}

const folders = (backups: { folder: string; names: [string, string][] }[], env: [string, boolean][] = []) => ({
  databases: [found('prod').database],
  backups: backups.map(({ folder, names }) => ({
    label: 'prod',
    folder,
    backups: names.map(([name, modifiedAt]) => ({ name, path: `${folder}/${name}`, bytes: 5, modifiedAt })),
  })),
  envFiles: env.map(([path, readable]) => ({ path, readable })),
  failure: null,
})

describe('how far a connection came', () => {
  const server = serverSchema.parse({ name: 's', host: 'h', id: '1', addedAt: '2026-01-01T00:00:00.000Z' })
  it.each(failureKinds.filter((kind) => kind !== 'cancelled'))(
    '%s: one check failed, with a remedy, and only proven ones before it',
    (kind) => {
      const verdicts = Object.values(turnedBack(new LifeboatFailure(kind, 'why'), server))
      expect(verdicts.map(({ outcome }) => outcome)).toEqual([
        ...Array<string>(verdicts.length - 1).fill('proven'),
        'failed',
      ])
      expect(verdicts.at(-1)?.detail).toBe('why')
      expect(verdicts.at(-1)?.remedy).not.toBe('')
    },
  )

  it('a host key is judged before any login', () => {
    expect(Object.keys(turnedBack(new LifeboatFailure('host-key-changed', 'x'), server))).toEqual(['reach', 'host-key'])
    expect(Object.keys(turnedBack(new LifeboatFailure('login-refused', 'x'), server))).toEqual([
      'reach',
      'host-key',
      'login',
    ])
    expect(Object.keys(turnedBack(new LifeboatFailure('unreachable', 'x'), server))).toEqual(['reach'])
  })
})

describe('Docker and Compose', () => {
  it('have another remedy for each trouble', () => {
    const verdicts = (['refused', 'stopped', 'broken'] as const).map((state) =>
      dockerVerdict({ state, path: '/d', said: '' }, 's'),
    )
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed'])
    expect(new Set(verdicts.map(({ remedy }) => remedy)).size).toBe(3)
    expect(new Set(verdicts.map(({ detail }) => detail)).size).toBe(3)
  })

  it('that are absent are no failure of a server that may not need them', () => {
    expect(dockerVerdict({ state: 'absent' }, 's').outcome).toBe('not-checked')
    expect(composeVerdict(ready).outcome).toBe('not-checked')
    expect(composeVerdict(refused).outcome).toBe('not-checked')
    expect(composeVerdict(null).outcome).toBe('not-checked')
  })

  it('tell the two generations of Compose apart', () => {
    const compose = (version: string) =>
      composeVerdict({ state: 'ready', docker: { path: '/d', version: '1', compose: { argv: ['/d'], version } } }).facts
    expect(compose('1.29.2')).toMatchObject({ generation: 1 })
    expect(compose('2.40.3')).toMatchObject({ generation: 2 })
    expect(compose('5.0.0')).toMatchObject({ generation: 2 })
  })
})

describe('PostgreSQL', () => {
  const failure = new LifeboatFailure('database-refused', 'It asks for a password.')
  it('is proven only when every container that should answer did', () => {
    expect(postgresVerdict({ ...nothing, found: [found('prod')] }, ready).outcome).toBe('proven')
    const one = postgresVerdict({ ...nothing, found: [found('prod')], unanswered: [{ name: 'other', failure }] }, ready)
    expect(one).toMatchObject({ outcome: 'failed', facts: { databases: 1, unanswered: 1, names: 'other' } })
    expect(one.detail).toContain('It asks for a password.')
  })

  it('that was found nowhere is a failure only where everywhere was looked', () => {
    expect(postgresVerdict(nothing, ready).outcome).toBe('failed')
    expect(postgresVerdict(nothing, { state: 'absent' }).outcome).toBe('failed')
    expect(postgresVerdict(nothing, refused).outcome).toBe('not-checked')
    expect(postgresVerdict(nothing, null).outcome).toBe('not-checked')
  })

  it('that does not run, or lets nobody in, is told by name', () => {
    const stopped = postgresVerdict({ ...nothing, stopped: ['shop-db-1'] }, ready)
    expect(stopped).toMatchObject({ outcome: 'failed', facts: { stopped: 1 } })
    expect(stopped.detail).toContain('shop-db-1')
    expect(postgresVerdict({ ...nothing, hostRefusal: failure }, ready)).toMatchObject({ outcome: 'failed' })
    const beside = postgresVerdict({ ...nothing, found: [found('prod')], hostRefusal: failure }, ready)
    expect(beside.outcome).toBe('proven')
    expect(beside.detail).toContain('left out')
  })

  it('keeps hostile names on one line', () => {
    const name = 'x\n\u202egnp.exe\u0007'
    const { detail } = postgresVerdict({ ...nothing, found: [found(name)], stopped: [name] }, ready)
    for (const mark of ['\n', '\u202e', '\u0007']) expect(detail).not.toContain(mark)
  })
})

describe('pg_dump', () => {
  it('that is missing or older than its server will not do', () => {
    const old = { version: '15.4', major: 15, zstd: false }
    expect(dumpToolVerdict([found('a')])).toMatchObject({ outcome: 'proven', facts: { zstd: 1, databases: 1 } })
    expect(dumpToolVerdict([found('a'), found('b', { tool: null })])).toMatchObject({
      outcome: 'failed',
      facts: { missing: 1 },
    })
    expect(dumpToolVerdict([found('a'), found('b', { tool: old })])).toMatchObject({
      outcome: 'failed',
      facts: { tooOld: 1 },
    })
    expect(dumpToolVerdict([])).toMatchObject({ outcome: 'not-checked' })
  })
})

describe('disk', () => {
  const disks = { serverFolder: '/srv', serverFree: 10_000, localFolder: '/copies', localFree: 10_000 }
  it.each([
    [disks, [4000, 5000], 'proven'],
    [disks, [6000, 5000], 'failed'],
    [{ ...disks, serverFree: 4000 }, [4500, 100], 'failed'],
    [{ ...disks, serverFree: null }, [100], 'not-checked'],
    [{ ...disks, serverFree: null, localFree: 10 }, [100], 'failed'],
    [disks, [null, null], 'proven'],
    [disks, [], 'proven'],
  ])('%j for databases of %j: %s', (some, sizes, outcome) => {
    expect(diskVerdict(some, sizes).outcome).toBe(outcome)
  })
})

describe('clock', () => {
  const clock = { epoch: 1_800_000_000, zone: '+0800' }
  const at = (seconds: number) => (clock.epoch + seconds) * 1000
  it('counts half the round trip as not known', () => {
    expect(clockVerdict(clock, at(0), at(1)).facts).toMatchObject({ difference: 0, accuracy: 1 })
    expect(clockVerdict(clock, at(-100), at(-100)).facts).toMatchObject({ difference: 100.5, accuracy: 0.5 })
  })

  it('fails only when it is off by more than it can not know', () => {
    expect(clockVerdict(clock, at(0), at(0)).outcome).toBe('proven')
    expect(clockVerdict(clock, at(-70), at(-70)).outcome).toBe('failed')
    expect(clockVerdict(clock, at(70), at(70)).outcome).toBe('failed')
    expect(clockVerdict(clock, at(-120), at(-20)).outcome).toBe('proven')
  })
})

describe('backups and .env files', () => {
  const now = new Date('2026-01-10T00:00:00Z')
  it('are told over all folders, the newest first', () => {
    const verdict = backupsVerdict(
      folders([
        { folder: '/b/prod', names: [['old.sql.gz', '2026-01-08T00:00:00.000Z']] },
        { folder: '/b/test', names: [['new.sql.gz', '2026-01-09T00:00:00.000Z']] },
      ]),
      now,
      50,
    )
    expect(verdict).toMatchObject({
      outcome: 'proven',
      facts: { folders: 2, files: 2, newest: 'new.sql.gz', folder: '/b/test' },
    })
    expect(verdict.detail).toContain('24 h old')
  })

  it.each<[what: string, folder: string, newest: string]>([
    ['older than the limit', '/b/test', '2026-01-08T21:00:00.000Z'],
    ['years old', '/b/test', '2024-01-08T21:00:00.000Z'],
    ['dated ahead', '/b/test', '2026-01-10T00:06:00.000Z'],
    ['years ahead', '/b/test', '2028-01-10T00:00:00.000Z'],
  ])('that are %s fail, with a remedy, also beside fresh ones of another database', (_, folder, newest) => {
    const fresh = { folder: '/b/prod', names: [['fresh.sql.gz', '2026-01-09T23:00:00.000Z']] as [string, string][] }
    const other = { folder, names: [['other.sql.gz', newest]] as [string, string][] }
    for (const kept of [[other], [fresh, other]]) {
      const verdict = backupsVerdict(folders(kept), now, 26)
      expect(verdict.outcome).toBe('failed')
      expect(verdict.detail).toContain(folder)
      expect(verdict.remedy).toMatch(/cron/)
    }
    expect(backupsVerdict(folders([fresh]), now, 26).outcome).toBe('proven')
    expect(backupsVerdict(folders([fresh, { folder, names: [] }]), now, 26).outcome).toBe('failed')
  })

  it('that are not there are told apart: no folder, an empty one, no database', () => {
    expect(backupsVerdict(folders([]), now, 26).outcome).toBe('not-checked')
    expect(backupsVerdict(folders([{ folder: '/b', names: [] }]), now, 26)).toMatchObject({ outcome: 'failed' })
    expect(backupsVerdict(null, now, 26).outcome).toBe('not-checked')
    const failure = new LifeboatFailure('tool-missing', 'no SFTP')
    expect(backupsVerdict({ ...folders([]), failure }, now, 26)).toMatchObject({ outcome: 'failed', detail: 'no SFTP' })
    expect(envVerdict({ ...folders([]), failure })).toMatchObject({ outcome: 'failed', detail: 'no SFTP' })
  })

  it('name the .env files that can not be read', () => {
    expect(envVerdict(folders([], [['/p/.env.prod', true]]))).toMatchObject({
      outcome: 'proven',
      facts: { names: '.env.prod' },
    })
    const mixed = envVerdict(
      folders(
        [],
        [
          ['/p/.env.prod', true],
          ['/p/.env', false],
        ],
      ),
    )
    expect(mixed).toMatchObject({ outcome: 'failed', facts: { files: 2, unreadable: 1, unreadableNames: '.env' } })
    expect(envVerdict(folders([])).outcome).toBe('not-checked')
  })
})

describe('the shell', () => {
  it('is proven also when it is noisy, and says so', () => {
    const shell = { shell: '/bin/bash', system: 'Linux 6', home: '/home/x', noiseBytes: 120 }
    expect(shellVerdict(shell)).toMatchObject({ outcome: 'proven', facts: { noiseBytes: 120 } })
    expect(shellVerdict(shell).detail).toContain('120 bytes')
    expect(shellVerdict({ ...shell, noiseBytes: 0 }).detail).not.toContain('bytes')
  })
})
