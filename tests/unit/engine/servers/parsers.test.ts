import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Container } from '#engine/docker/containers.ts'
import { isDumpName, listDumpFiles } from '#engine/ssh/dump-files.ts'
import { isPostgres, parsePasswordFile } from '#engine/servers/cluster.ts'
import { fileOf, placeOf } from '#engine/servers/discover.ts'
import { isEnvFileOf } from '#engine/servers/folders.ts'
import { askForClock, askForShell, parseDf } from '#engine/servers/probes.ts'

describe('df', () => {
  it('is read also where the mount point holds blanks', () => {
    const head = 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n'
    expect(parseDf(`${head}/dev/vda1         82086652  12345678  65432100      16% /\n`)).toBe(65432100 * 1024)
    expect(parseDf(`${head}//nas/my share 100 50 50 50% /mnt/my share\n`)).toBe(50 * 1024)
    expect(parseDf(head)).toBeNull()
    fc.assert(fc.property(fc.string(), (text) => parseDf(text) === null || Number.isInteger(parseDf(text))))
  })
})

describe('a .pgpass without its passwords', () => {
  it('gives users and databases of this machine', () => {
    const text = [
      '# comment',
      'localhost:5432:shop:keeper',
      '*:*:*:admin',
      'db.example:5432:shop:far',
      '127.0.0.1:5432:x:*',
      'a\\:b:5432:x:y',
      '',
    ].join('\n')
    expect(parsePasswordFile(text)).toEqual([
      { dbuser: 'keeper', dbname: 'shop' },
      { dbuser: 'admin', dbname: 'postgres' },
    ])
    fc.assert(fc.property(fc.string(), (any) => Array.isArray(parsePasswordFile(any))))
  })
})

describe('answers of the shell', () => {
  const said = (stdout: string) => async () => ({ code: 0, stdout, stderr: '' })
  it('that make no sense are failures, not facts', async () => {
    await expect(askForShell(said(''))).rejects.toMatchObject({ kind: 'remote-command' })
    await expect(askForShell(said('bash\n/home/x\nLinux\n0\n'))).rejects.toMatchObject({ kind: 'remote-command' })
    await expect(askForClock(said('Mon Nov 23'))).rejects.toMatchObject({ kind: 'remote-command' })
    expect(await askForClock(said('1795446000 +0800\n'))).toEqual({ epoch: 1795446000, zone: '+0800' })
  })
})

describe('names of files', () => {
  it('of dumps', () => {
    for (const name of ['a.sql', 'a.sql.gz', 'a.SQL.GZ', 'a.sql.zst', 'a.dump', '备份 1.sql.gz'])
      expect(isDumpName(name)).toBe(true)
    for (const name of ['a.sql.gz.part', '.a.sql.gz', 'a.gz', 'sql', 'a.sql.gz~', 'backup.log'])
      expect(isDumpName(name)).toBe(false)
  })

  it.each([
    ['.env', true],
    ['.env.prod', true],
    ['prod.env', true],
    ['.env.local', true],
    ['.env.test', false],
    ['.env.example', false],
    ['.env.prod.bak', false],
    ['.env.prod.sample', false],
    ['environment', false],
    ['.envrc', false],
  ])('%s belongs to prod beside test: %s', (name, belongs) => {
    expect(isEnvFileOf(name, { label: 'prod', others: ['test'] })).toBe(belongs)
  })
})

describe('a folder of backups', () => {
  it('is told newest first, regular files only', async () => {
    const entry = (name: string, kind: 'file' | 'link' | 'folder', modified: number) => ({
      name,
      kind,
      modified,
      bytes: 1,
      mode: 0o644,
    })
    const entries = [
      entry('a.sql.gz', 'file', 100),
      entry('c.sql.gz', 'file', 300),
      entry('b.sql.gz', 'file', 300),
      entry('link.sql.gz', 'link', 900),
      entry('folder.sql', 'folder', 900),
      entry('notes.txt', 'file', 900),
      entry('../../up.sql', 'file', 900),
    ]
    const backups = await listDumpFiles({ list: async () => entries }, '/srv/b')
    expect(backups.map(({ path }) => path)).toEqual(['/srv/b/c.sql.gz', '/srv/b/b.sql.gz', '/srv/b/a.sql.gz'])
    expect(backups[2]).toMatchObject({ modifiedAt: '1970-01-01T00:01:40.000Z', bytes: 1 })
  })
})

describe('a container', () => {
  const container = (change: Partial<Container>): Container => ({
    id: 'a'.repeat(64),
    name: 'c',
    image: 'x',
    state: 'running',
    compose: null,
    environmentNames: [],
    postgresUser: null,
    postgresDb: null,
    ...change,
  })

  it('is PostgreSQL by its image or by what that image sets, not by being told where PostgreSQL is', () => {
    for (const image of [
      'postgres',
      'postgres:18-alpine',
      'docker.io/library/postgres:17@sha256:00',
      'postgis/postgis:16-3.4',
      'timescale/timescaledb:latest-pg16',
      'registry:5000/team/postgres',
    ])
      expect(isPostgres(container({ image }))).toBe(true)
    for (const image of [
      'agentcard-web:latest',
      'postgrest/postgrest',
      'quay.io/prometheuscommunity/postgres-exporter',
      'dpage/pgadmin4',
      'my/postgres-backup',
    ])
      expect(isPostgres(container({ image, environmentNames: ['POSTGRES_USER', 'POSTGRES_PASSWORD'] }))).toBe(false)
    expect(isPostgres(container({ image: 'abc123', environmentNames: ['PGDATA', 'PG_MAJOR'] }))).toBe(true)
  })

  it('is found again by its service, where the labels are enough for that', () => {
    const compose = {
      project: 'p',
      service: 'db',
      dir: '/srv/p',
      files: ['/srv/p/docker-compose.prod.yml'],
      number: 1,
      oneoff: false,
    }
    expect(placeOf(container({ compose }))).toEqual({
      kind: 'compose',
      dir: '/srv/p',
      file: 'docker-compose.prod.yml',
      service: 'db',
      project: 'p',
    })
    expect(placeOf(container({ compose: { ...compose, number: 2 } }))).toEqual({
      kind: 'container',
      container: 'c',
    })
    expect(placeOf(container({ compose: { ...compose, dir: null } }))).toEqual({
      kind: 'container',
      container: 'c',
    })
  })

  it.each([
    [['/srv/p/docker-compose.yml'], null],
    [['/srv/p/docker-compose.yml', '/srv/p/docker-compose.override.yml'], null],
    [['/srv/p/docker-compose.yml', '/srv/p/docker-compose.prod.yml'], 'docker-compose.prod.yml'],
    [['/srv/p/deploy/compose.yaml'], 'deploy/compose.yaml'],
    [['/etc/stack/compose.yaml'], '/etc/stack/compose.yaml'],
    [[], null],
  ])('made from %j names the file %j', (files, file) => {
    expect(fileOf('/srv/p', files)).toBe(file)
  })
})
