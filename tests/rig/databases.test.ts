import { symlinkSync, unlinkSync } from 'node:fs'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Place } from '#shared/database.ts'
import type { Remote } from '#engine/docker/remote.ts'
import { chooseCompression, dumpName } from '#engine/postgres/dump-command.ts'
import { loginArguments } from '#engine/postgres/login.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import { connectServer } from '#engine/servers/connect.ts'
import { discover } from '#engine/servers/discover.ts'
import { openDatabase } from '#engine/servers/open-database.ts'
import { remoteOver } from '#engine/servers/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { docker } from './machine/dockerd.ts'
import { psql } from './machine/psql.ts'
import { rig, rigAvailable, rigDatabase, type RigDatabase } from './machine/rig.ts'
import { run } from './machine/run.ts'
import { nobodyAnswers, over, serverOf, world } from './servers-support.ts'

const signal = new AbortController().signal
/** Two runs of these tests on one machine must not take each other's databases and containers away. */
const mine = `${process.pid}`
const holding = `servers-holder-${mine}`
const holdingHost = `servers-host-holder-${mine}`
const has = (text: string): unknown => expect.stringContaining(text)
let connection: Connection
let remote: Remote

beforeAll(async () => {
  if (!rigAvailable()) return
  connection = await connectServer(serverOf(rig().users.operator), world(nobodyAnswers))
  remote = remoteOver(connection, signal)
})
afterAll(async () => {
  await connection?.end()
})

function wanted({ place, dbname, user }: RigDatabase): { place: Place; dbname: string; dbuser: string } {
  return { place: placeOf(place), dbname, dbuser: user }
}

function placeOf(place: RigDatabase['place']): Place {
  switch (place.kind) {
    case 'compose':
      return { kind: 'compose', dir: place.dir, file: place.file, service: place.service, project: null }
    case 'container':
      return { kind: 'container', container: place.container }
    case 'host':
      return { kind: 'host' }
  }
}

/** The whole dump as text, decompressed. */
async function dumpText(postgres: RemotePostgres, format: 'auto' | 'gzip' = 'auto'): Promise<string> {
  const tool = await postgres.dumpTool(signal)
  const compression = chooseCompression(format, tool)
  const argv = postgres.dumpCommand({ compression, tool, applicationName: dumpName('test') })
  const stream = await connection.stream(argv, { signal })
  const chunks: Buffer[] = []
  for await (const chunk of stream.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
  expect(await stream.done).toMatchObject({ code: 0 })
  const bytes = Buffer.concat(chunks)
  return (compression === 'zstd' ? zstdDecompressSync(bytes) : gunzipSync(bytes)).toString()
}

const end = '-- PostgreSQL database dump complete'

describe.skipIf(!rigAvailable())('a database on a server', () => {
  it.each(['prod', 'test', 'host', 'latin1', 'euc_cn', 'sql_ascii', 'pg17', 'pg15'])(
    '%s answers and is dumped whole',
    async (label) => {
      const database = rigDatabase(label)
      const { postgres, facts } = await openDatabase(remote, wanted(database), 'rig', signal)
      expect(Math.floor(facts.versionNumber / 10_000)).toBe(database.major)
      expect(facts.version).toMatch(new RegExp(`^${database.major}\\.\\d+$`))
      expect(facts.encoding).toBe(database.encoding)
      expect(facts.size).toBeGreaterThan(5_000_000)
      const tool = await postgres.dumpTool(signal)
      expect(tool).toMatchObject({ major: database.major, zstd: database.major >= 16 })
      const text = await dumpText(postgres)
      expect(text).toContain(`-- Dumped from database version ${database.major}`)
      expect(text).toContain(end)
    },
  )

  it('is compressed with gzip where the operator insists', async () => {
    for (const label of ['test', 'pg15']) {
      const { postgres } = await openDatabase(remote, wanted(rigDatabase(label)), 'rig', signal)
      expect(await dumpText(postgres, 'gzip')).toContain(end)
    }
  })

  it('is the one of its container, whatever server the variables there name', async () => {
    const { place, dbname, user } = rigDatabase('pg17')
    if (place.kind !== 'container') throw new Error('the database of 17 runs in a container')
    const ask = (...args: string[]) =>
      docker(
        'exec',
        '-e',
        'PGHOST=nowhere',
        '-e',
        'PGHOSTADDR=192.0.2.1',
        '-e',
        'PGCONNECT_TIMEOUT=2',
        place.container,
        ...args,
      )
    const login = loginArguments({ dbname, dbuser: user })
    expect(await ask('psql', ...login, '-tAc', 'select current_database()')).toBe(dbname)
    expect(await ask('pg_dump', '--schema-only', ...login)).toContain('PostgreSQL database dump complete')
  })

  it('is the one of its compose file, where two files share a folder and a service name', async () => {
    for (const label of ['prod', 'test']) {
      const { container } = await openDatabase(remote, wanted(rigDatabase(label)), 'rig', signal)
      expect(container).toBe(`agent-source-db-${label}-db-1`)
    }
  })

  it('is found through compose where the folder is reached by a link, which no label knows', async () => {
    const link = '/home/operator/projects/link to $(touch pwned) it'
    symlinkSync(rig().projectDir, link)
    try {
      const place = {
        kind: 'compose',
        dir: link,
        file: 'docker-compose.test.yml',
        service: 'db',
        project: null,
      } as const
      const { container } = await openDatabase(remote, { ...wanted(rigDatabase('test')), place }, 'rig', signal)
      expect(container).toBe('agent-source-db-test-db-1')
    } finally {
      unlinkSync(link)
    }
  })

  it('is found by its labels where there is no compose', async () => {
    const without: Remote = async (argv, options) =>
      argv.includes('compose') || argv[0]?.endsWith('docker-compose')
        ? { code: 1, stdout: '', stderr: "docker: 'compose' is not a docker command." }
        : remote(argv, options)
    const { container } = await openDatabase(without, wanted(rigDatabase('prod')), 'rig', signal)
    expect(container).toBe('agent-source-db-prod-db-1')
  })
})

describe.skipIf(!rigAvailable())('a database that can not be had', () => {
  const open = (place: Place, dbname = 'agentcard_test', dbuser = 'testuser') =>
    openDatabase(remote, { place, dbname, dbuser }, 'rig', signal)
  const test = () => placeOf(rigDatabase('test').place)

  it('says which of its names is wrong', async () => {
    await expect(open(test(), 'nope')).rejects.toMatchObject({
      kind: 'database-not-found',
      message: has('no database nope'),
    })
    await expect(open(test(), 'agentcard_test', 'nope')).rejects.toMatchObject({
      kind: 'database-refused',
      message: has('no user nope'),
    })
    await expect(open({ kind: 'container', container: 'nope' })).rejects.toMatchObject({
      kind: 'database-not-found',
      message: 'There is no container nope on rig.',
    })
    const { projectDir: dir } = rig()
    const nowhere = { kind: 'compose', dir, file: 'docker-compose.test.yml', service: 'nope', project: null } as const
    await expect(open(nowhere)).rejects.toMatchObject({
      kind: 'database-not-found',
      message: has('service nope'),
    })
    await expect(open({ ...nowhere, dir: '/nope' })).rejects.toMatchObject({ kind: 'database-not-found' })
  })

  it('says that a container is not running, or runs no PostgreSQL', async () => {
    await docker('create', '--name', `servers-test-created-${mine}`, 'postgres:18-alpine')
    await docker('run', '--detach', '--name', `servers-test-idle-${mine}`, 'postgres:18-alpine', 'sleep', '600')
    try {
      await expect(open({ kind: 'container', container: `servers-test-created-${mine}` })).rejects.toMatchObject({
        kind: 'database-not-found',
        message: has('is not running: it is created'),
      })
      await expect(open({ kind: 'container', container: `servers-test-idle-${mine}` })).rejects.toMatchObject({
        kind: 'database-not-found',
        message: 'PostgreSQL does not answer where it should run.',
      })
    } finally {
      await docker('rm', '--force', '--volumes', `servers-test-created-${mine}`, `servers-test-idle-${mine}`)
    }
  })

  it('does not guess between two containers of one service', async () => {
    const labels = {
      project: `twice-${mine}`,
      service: 'db',
      'project.working_dir': `/srv/twice-${mine}`,
      'project.config_files': `/srv/twice-${mine}/compose.yaml`,
    }
    const options = Object.entries(labels).flatMap(([name, value]) => [
      '--label',
      `com.docker.compose.${name}=${value}`,
    ])
    for (const name of [`servers-test-one-${mine}`, `servers-test-two-${mine}`])
      await docker('run', '--detach', '--name', name, ...options, 'postgres:18-alpine', 'sleep', '600')
    try {
      const place = { kind: 'compose', dir: `/srv/twice-${mine}`, file: null, service: 'db', project: null } as const
      const failure: unknown = await open(place).catch((error: unknown) => error)
      expect(failure).toMatchObject({
        kind: 'database-not-found',
        message: has('several containers'),
      })
      expect(failure).toMatchObject({ message: has(`servers-test-one-${mine}`) })
    } finally {
      await docker('rm', '--force', '--volumes', `servers-test-one-${mine}`, `servers-test-two-${mine}`)
    }
  })

  it('is not taken from another project of the same folder, also when only that one is up', async () => {
    const dir = `/srv/shared-${mine}`
    const names = ['prod', 'test'].map((project) => `shared-${mine}-${project}`)
    for (const name of names) {
      const labels = {
        project: name,
        service: 'db',
        'project.working_dir': dir,
        'project.config_files': `${dir}/compose.yaml`,
      }
      const options = Object.entries(labels).flatMap(([key, value]) => [
        '--label',
        `com.docker.compose.${key}=${value}`,
      ])
      await docker('create', '--name', name, ...options, 'postgres:18-alpine', 'sleep', '600')
    }
    const [prod = '', test = ''] = names
    try {
      await docker('start', test)
      const place = { kind: 'compose', dir, file: null, service: 'db', project: null } as const
      const failure: unknown = await open(place).catch((error: unknown) => error)
      expect(failure).toMatchObject({ kind: 'database-not-found', message: has('several containers') })
      expect(failure).toMatchObject({ message: has(prod) })
      // with its project's name it is known also after the other one is gone, as after a `compose down`
      await docker('rm', '--force', '--volumes', prod)
      await expect(open({ ...place, project: prod })).rejects.toMatchObject({
        message: has('No container of the service'),
      })
      // the right container was asked, where no PostgreSQL runs
      await expect(open({ ...place, project: test })).rejects.toMatchObject({ detail: has('/var/run/postgresql/') })
    } finally {
      await docker('rm', '--force', '--volumes', ...names)
    }
  })

  it('is told apart: Docker refuses, Docker is stopped, the program is missing', async () => {
    await over(rig().users.noDocker, async (other) => {
      const refused = openDatabase(remoteOver(other, signal), wanted(rigDatabase('test')), 'rig', signal)
      await expect(refused).rejects.toMatchObject({
        kind: 'docker-refused',
        message: 'Docker on rig does not let this user in.',
      })
    })
    const stopped: Remote = (argv, options) => remote(['env', 'DOCKER_HOST=unix:///nonexistent.sock', ...argv], options)
    await expect(openDatabase(stopped, wanted(rigDatabase('test')), 'rig', signal)).rejects.toMatchObject({
      kind: 'docker-stopped',
      message: 'Docker on rig is installed but not running.',
    })
    await docker(
      'run',
      '--detach',
      '--name',
      `servers-test-bare-${mine}`,
      '--env',
      'PATH=/nowhere',
      '--entrypoint',
      '/bin/sleep',
      'postgres:18-alpine',
      '600',
    )
    try {
      await expect(open({ kind: 'container', container: `servers-test-bare-${mine}` })).rejects.toMatchObject({
        kind: 'tool-missing',
      })
    } finally {
      await docker('rm', '--force', '--volumes', `servers-test-bare-${mine}`)
    }
  })
})

describe.skipIf(!rigAvailable())('a password of PostgreSQL on the host', () => {
  const asPostgres = (sql: string) =>
    run('runuser', ['-u', 'postgres', '--', 'psql', '-qXd', 'hostapp', '-v', 'ON_ERROR_STOP=1', '-c', sql])

  it('is never asked for: it comes from .pgpass, or the failure names that file', async () => {
    const { dash } = rig().users
    const role = `servers_test_${mine}`
    const database = { place: { kind: 'host' } as const, dbname: 'hostapp', dbuser: role }
    await asPostgres(`create role ${role} login password 'pw-of-servers-test'`)
    try {
      await over(dash, async (other) => {
        const there = remoteOver(other, signal)
        await expect(openDatabase(there, database, 'rig', signal)).rejects.toMatchObject({
          kind: 'database-refused',
          message: has('.pgpass'),
        })
        const line = `localhost:5432:*:${role}:pw-of-servers-test`
        await run('runuser', [
          '-u',
          dash.name,
          '--',
          'sh',
          '-c',
          'umask 077; printf "%s\\n" "$1" > "$HOME/.pgpass"',
          'sh',
          line,
        ])
        const { postgres, facts } = await openDatabase(there, database, 'rig', signal)
        expect(facts.versionNumber).toBeGreaterThan(150_000)
        expect(postgres.login.host).toBe('localhost')
        expect(
          JSON.stringify(
            postgres.dumpCommand({ compression: 'gzip', tool: await postgres.dumpTool(), applicationName: 'x' }),
          ),
        ).not.toContain('pw-of')
      })
    } finally {
      await run('rm', ['-f', `${dash.home}/.pgpass`])
      await asPostgres(`drop role ${role}`)
    }
  })

  it('is one for each database: each is offered with the user that .pgpass names for it', async () => {
    const { dash } = rig().users
    const [shop, forum] = ['shop', 'forum'].map((name) => `servers_test_${name}_${mine}`)
    for (const name of [shop, forum]) {
      await asPostgres(`create role ${name} login password 'pw-of-${name}'`)
      await asPostgres(`create database ${name} owner ${name}`)
      await asPostgres(`revoke connect on database ${name} from public`)
    }
    const lines = [shop, forum].map((name) => `localhost:5432:${name}:${name}:pw-of-${name}`)
    const write = 'umask 077; printf "%s\\n" "$@" > "$HOME/.pgpass"'
    try {
      await run('runuser', ['-u', dash.name, '--', 'sh', '-c', write, 'sh', ...lines])
      await over(dash, async (other) => {
        const where = { remote: remoteOver(other, signal), docker: null, ownHost: true, server: 'rig', signal }
        const all = await discover({ ...where, user: dash.name })
        const users = Object.fromEntries(all.found.map(({ database }) => [database.dbname, database.dbuser]))
        expect(users).toMatchObject({ [`${shop}`]: shop, [`${forum}`]: forum })
      })
    } finally {
      await run('rm', ['-f', `${dash.home}/.pgpass`])
      for (const name of [shop, forum]) await asPostgres(`drop database ${name}`)
      for (const name of [shop, forum]) await asPostgres(`drop role ${name}`)
    }
  })
})

/** A database of this file's own in the container that holds PostgreSQL 18. */
const own = { container: 'lifeboat-rig-pg18', user: 'postgres', dbname: 'postgres' }
const ownPlace = { kind: 'container', container: own.container } as const

async function withDatabase(name: string, work: () => Promise<void>): Promise<void> {
  const quoted = `"${name.replaceAll('"', '""')}"`
  await psql(own, `drop database if exists ${quoted} with (force);\ncreate database ${quoted};`)
  try {
    await work()
  } finally {
    await psql(own, `drop database ${quoted} with (force);`)
  }
}

describe.skipIf(!rigAvailable())('hostile names', () => {
  it.each([
    'host=192.0.2.1 dbname=elsewhere',
    'postgres://192.0.2.1/elsewhere',
    `we"ird 'na\\me' $(touch /tmp/servers-pwned) \`id\``,
    'two\nlines',
    '数据库 🛟',
    '--help',
  ])('a database called %j is asked and dumped, and nothing else', async (odd) => {
    const name = `${odd} ${mine}`
    await withDatabase(name, async () => {
      const { postgres, facts } = await openDatabase(
        remote,
        { place: ownPlace, dbname: name, dbuser: 'postgres' },
        'rig',
        signal,
      )
      expect(facts.encoding).toBe('UTF8')
      expect((await postgres.databases()).map((listed) => listed.name)).toContain(name)
      expect(await dumpText(postgres)).toContain(end)
    })
    await expect(docker('exec', own.container, 'ls', '/tmp/servers-pwned')).rejects.toThrow()
    await expect(run('ls', ['/tmp/servers-pwned'])).rejects.toThrow()
  })

  it('a compose folder and service full of quotes are found by their labels as they stand', async () => {
    const dir = `/srv/${mine} it's "here" $(touch /tmp/servers-pwned)`
    const service = `d'b";$(touch /tmp/servers-pwned)`
    const labels = {
      project: 'x',
      service,
      'project.working_dir': dir,
      'project.config_files': `${dir}/docker-compose.yml`,
    }
    const options = Object.entries(labels).flatMap(([key, value]) => ['--label', `com.docker.compose.${key}=${value}`])
    await docker(
      'run',
      '--detach',
      '--name',
      `servers-test-odd-${mine}`,
      ...options,
      'postgres:18-alpine',
      'sleep',
      '600',
    )
    try {
      const place = { kind: 'compose', dir, file: null, service, project: null } as const
      const opened = openDatabase(remote, { place, dbname: 'x', dbuser: 'x' }, 'rig', signal)
      await expect(opened).rejects.toMatchObject({ message: 'PostgreSQL does not answer where it should run.' })
      const absent = openDatabase(
        remote,
        { place: { ...place, service: `${service}\n2` }, dbname: 'x', dbuser: 'x' },
        'rig',
        signal,
      )
      await expect(absent).rejects.toMatchObject({
        kind: 'database-not-found',
        message: has('No container'),
      })
      await expect(run('ls', ['/tmp/servers-pwned'])).rejects.toThrow()
    } finally {
      await docker('rm', '--force', '--volumes', `servers-test-odd-${mine}`)
    }
  })
})

describe.skipIf(!rigAvailable())('what a dump leaves to its surroundings', () => {
  const name = `servers_test_needs_${mine}`
  const owner = `servers_owner_${mine}`
  const reader = `servers_reader_${mine}`
  const open = async () =>
    (await openDatabase(remote, { place: ownPlace, dbname: name, dbuser: 'postgres' }, 'rig', signal)).postgres

  it('is named: roles and settings, without the values that applications keep there', async () => {
    await withDatabase(name, async () => {
      const target = { ...own, dbname: name }
      await psql(
        target,
        `drop role if exists ${owner}, ${reader};
         create role ${owner}; create role ${reader};
         create table t (a int); alter table t owner to ${owner}; grant select on t to ${reader};
         alter database ${name} set work_mem = '5MB';
         alter database ${name} set "app.jwt_secret" = 'hush-hush';
         alter role ${reader} in database ${name} set search_path = 'reader';`,
      )
      try {
        const needs = await (await open()).needs()
        expect(needs.roles).toEqual(expect.arrayContaining(['postgres', owner, reader]))
        expect(needs.settings).toEqual(
          expect.arrayContaining([
            `database ${name}: work_mem=5MB`,
            `database ${name}: app.jwt_secret=(value not shown)`,
            `role ${reader} in database ${name}: search_path=reader`,
          ]),
        )
        expect(JSON.stringify(needs)).not.toContain('hush-hush')
      } finally {
        await psql(target, `drop owned by ${owner}, ${reader}; drop role ${owner}, ${reader};`)
      }
    })
  })

  it("reads the server's own zone, and dumps in UTC and hex whatever the database has set", async () => {
    await withDatabase(name, async () => {
      const target = { ...own, dbname: name }
      await psql(
        target,
        `alter database ${name} set timezone = 'Asia/Shanghai'; alter database ${name} set bytea_output = 'escape';
         create table t (at timestamptz, b bytea); insert into t values ('2026-01-01 00:00:00+00', '\\xff00');`,
      )
      const postgres = await open()
      expect((await postgres.facts()).timeZone).toBe('Asia/Shanghai')
      const text = await dumpText(postgres)
      expect(text).toContain('2026-01-01 00:00:00+00\t\\\\xff00')
    })
  })
})

describe.skipIf(!rigAvailable())('a dump that nobody waits for any more', () => {
  const name = `servers_test_end_${mine}`
  // Docker answers late now and then beside a program whose output nobody takes: then it is asked again
  const watch = (sql: string) => psql(own, sql, {}, { timeout: 20_000 })
  const active = (application: string) =>
    watch(`select count(*) from pg_stat_activity where application_name = '${application}'`)
  const clients = async () =>
    (await docker('top', own.container, '-eo', 'pid,args'))
      .split('\n')
      .filter((line) => line.includes(name) && line.includes('pg_dump'))

  async function untilActive(application: string): Promise<void> {
    await expect.poll(() => active(application)).toBe('1')
  }

  it('is ended on the server, its backend and its process, while it waits for a lock', async () => {
    await withDatabase(name, async () => {
      const target = { ...own, dbname: name }
      await psql(target, 'create table t (a int)')
      const holder = psql(
        target,
        `set application_name = '${holding}'; begin; lock table t; select pg_sleep(600);`,
      ).catch(() => 'ended')
      await untilActive(holding)
      const { postgres } = await openDatabase(
        remote,
        { place: ownPlace, dbname: name, dbuser: 'postgres' },
        'rig',
        signal,
      )
      const tool = await postgres.dumpTool()
      const application = dumpName(`waiting-${mine}`)
      const stop = new AbortController()
      const stream = await connection.stream(
        postgres.dumpCommand({ compression: 'gzip', tool, applicationName: application }),
        { signal: stop.signal },
      )
      await untilActive(application)
      stop.abort()
      await expect(stream.done).rejects.toMatchObject({ name: 'AbortError' })
      // giving up the channel is not enough: that is why endDump exists
      expect(await active(application)).toBe('1')

      expect(await postgres.endDump([application])).toMatchObject({ backends: 1 })
      expect(await active(application)).toBe('0')
      expect(await clients()).toEqual([])
      expect(await active(holding)).toBe('1')
      await psql(own, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${holding}'`)
      await holder
    })
  })

  it('is ended while it is stuck in a write that nobody reads', async () => {
    await withDatabase(name, async () => {
      const target = { ...own, dbname: name }
      await psql(
        target,
        `create table t as select md5(n::text) || md5(random()::text) || md5(random()::text) as a from generate_series(1, 600000) n`,
      )
      const { postgres } = await openDatabase(
        remote,
        { place: ownPlace, dbname: name, dbuser: 'postgres' },
        'rig',
        signal,
      )
      const tool = await postgres.dumpTool()
      const application = dumpName(`stuck-${mine}`)
      const stop = new AbortController()
      const stream = await connection.stream(
        postgres.dumpCommand({ compression: 'zstd', tool, applicationName: application }),
        { signal: stop.signal },
      )
      try {
        stream.stdout.once('readable', () => undefined)
        await untilActive(application)
        const stuck = `select wait_event from pg_stat_activity where application_name = '${application}'`
        await expect.poll(() => watch(stuck)).toBe('ClientWrite')
      } finally {
        // As a job that is cancelled does it, and first: dockerd waits for the output of a program that has ended before it
        // tells of the end of any other in the same container, so that nothing could be ended beside a full pipe.
        stop.abort()
        await stream.done.catch(() => undefined)
      }
      await postgres.endDump([application])
      expect(await active(application)).toBe('0')
      await expect.poll(clients).toEqual([])
    })
  })

  it('is ended with what a script in its place has started, and PostgreSQL takes that for no crash of its own', async () => {
    const beside = `servers-beside-${mine}`
    const sleeper = psql(own, `set application_name = '${beside}'; select pg_sleep(600)`).catch(() => 'ended')
    await untilActive(beside)
    const { postgres } = await openDatabase(
      remote,
      { place: ownPlace, dbname: 'postgres', dbuser: 'postgres' },
      'rig',
      signal,
    )
    const application = dumpName(`script-${mine}`)
    const script = `while :; do sleep 0.05; done; # ${application}`
    const running = docker('exec', '-e', `PGAPPNAME=${application}`, own.container, 'sh', '-c', script).catch(() => '')
    const scripts = async () => (await docker('top', own.container, '-eo', 'pid,args')).split(application).length - 1
    await expect.poll(scripts).toBe(1)
    // a child that its parent's end leaves to the first process of the container may have any part of its time still to go
    expect((await postgres.endDump([application])).clients).toBeGreaterThan(0)
    expect(await scripts()).toBe(0)
    await running
    // a crash throws every session out
    expect(await active(beside)).toBe('1')
    await psql(own, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${beside}'`)
    await sleeper
  })

  it('is ended on the host as well, where there is no container to look into', async () => {
    const asPostgres = (sql: string, dbname = 'postgres') =>
      run('runuser', ['-u', 'postgres', '--', 'psql', '-qXAtd', dbname, '-v', 'ON_ERROR_STOP=1', '-c', sql])
    const there = async (application: string) =>
      (
        await asPostgres(`select count(*) from pg_stat_activity where application_name = '${application}'`)
      ).stdout.trim()
    await asPostgres(`drop database if exists ${name} with (force)`)
    await asPostgres(`create database ${name} owner operator`)
    try {
      await asPostgres('create table t (a int); alter table t owner to operator', name)
      const lock = `set application_name = '${holdingHost}'; begin; lock table t; select pg_sleep(600);`
      const holder = asPostgres(lock, name).catch(() => 'ended')
      await expect.poll(() => there(holdingHost)).toBe('1')
      const place = { kind: 'host' } as const
      const { postgres } = await openDatabase(remote, { place, dbname: name, dbuser: 'operator' }, 'rig', signal)
      const application = dumpName(`host-${mine}`)
      const plan = { compression: 'gzip', tool: await postgres.dumpTool(), applicationName: application } as const
      const stop = new AbortController()
      const stream = await connection.stream(postgres.dumpCommand(plan), { signal: stop.signal })
      await expect.poll(() => there(application)).toBe('1')
      stop.abort()
      await stream.done.catch(() => undefined)
      expect(await postgres.endDump([application])).toMatchObject({ backends: 1 })
      expect(await there(application)).toBe('0')
      const left = await run('pgrep', ['-af', `pg_dump.*${name}`], { accept: [1] })
      expect(left.stdout).toBe('')
      await asPostgres(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${holdingHost}'`,
      )
      await holder
    } finally {
      await asPostgres(`drop database ${name} with (force)`)
    }
  })

  it('ends nothing where there is nothing to end, and no other dump', async () => {
    const { postgres } = await openDatabase(remote, wanted(rigDatabase('test')), 'rig', signal)
    expect(await postgres.endDump([dumpName(`never-was-${mine}`)])).toEqual({ backends: 0, clients: 0 })
  })
})
