import { describe, expect, it } from 'vitest'
import type { ServerTest } from '#shared/contract.ts'
import { checkNames, type Server } from '#shared/server.ts'
import { connectServer } from '#engine/servers/connect.ts'
import { testServer, type TestContext } from '#engine/servers/test-connection.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { rig, rigAvailable, rigDatabase, type RigUser } from './machine/rig.ts'
import { nobodyAnswers, serverOf, world } from './servers-support.ts'

type Told = { result: ServerTest; told: ServerTest[]; lines: string[] }

async function test(server: Server, change: Partial<TestContext> = {}): Promise<Told> {
  const told: ServerTest[] = []
  const here = world(nobodyAnswers)
  const result = await testServer(server, {
    connect: () => connectServer(server, here),
    local: { copiesDir: '/copies', freeBytes: async () => 1e15, ageLimitHours: 26 },
    now: () => new Date(),
    signal: here.signal,
    log: here.log,
    onProgress: (progress) => void told.push(progress),
    ...change,
  })
  return { result, told, lines: here.lines }
}

function check({ result }: Told, name: (typeof checkNames)[number]) {
  const found = result.checks.find((one) => one.name === name)
  if (!found) throw new Error(`no check ${name}`)
  return found
}

function outcomes({ result }: Told): Record<string, string> {
  return Object.fromEntries(result.checks.map(({ name, outcome }) => [name, outcome]))
}

const user = (pick: (users: ReturnType<typeof rig>['users']) => RigUser) => serverOf(pick(rig().users))

describe.skipIf(!rigAvailable())('the connection test on a real server', () => {
  it('proves every check for an operator but the age of the backups, tells them one by one, and offers the databases filled in', async () => {
    const all = await test(user((users) => users.operator))
    expect(all.result.checks.map(({ name }) => name)).toEqual([...checkNames])
    const { backups, ...others } = outcomes(all)
    expect(new Set(Object.values(others))).toEqual(new Set(['proven']))
    // the last one that the machine's cron has made is of January 2025
    expect(backups).toBe('failed')
    expect(all.told.map(({ checks }) => checks.length)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12])
    expect(all.told.map(({ running }) => running).lastIndexOf(true)).toBe(11)

    for (const label of ['prod', 'test'] as const) {
      const { place, dbname, user: dbuser, backups, envFiles } = rigDatabase(label)
      if (place.kind !== 'compose') throw new Error('the rig has changed')
      const found = all.result.found.find((one) => one.label === label)
      expect(found).toMatchObject({
        place: {
          kind: 'compose',
          dir: place.dir,
          file: `docker-compose.${label}.yml`,
          service: place.service,
          project: place.project,
        },
        project: place.project,
        container: place.container,
        image: 'postgres:18-alpine',
        dbname,
        dbuser,
        backups,
        env: envFiles,
      })
      expect(found?.serverVersion).toMatch(/^18\.\d+$/)
      expect(found?.dumpVersion).toMatch(/^18\.\d+$/)
      expect(found?.size).toBeGreaterThan(5e6)
    }
    const host = rigDatabase('host')
    const onHost = all.result.found.find(({ place }) => place.kind === 'host')
    expect(onHost).toMatchObject({ dbname: host.dbname, dbuser: host.user, container: null })
    expect(new Set(all.result.found.map(({ label }) => label)).size).toBe(all.result.found.length)
    expect(check(all, 'backups').facts).toMatchObject({ newest: 'backup_prod_20250109_030000.sql.gz' })
    expect(Math.abs(Number(check(all, 'clock').facts['difference']))).toBeLessThan(2)
  })

  it('lets none of the secrets in the environments and .env files through', async () => {
    const all = await test(user((users) => users.operator))
    const everything = JSON.stringify([all.result, all.told, all.lines])
    const secrets = rig().envFiles.flatMap(({ canaries }) => Object.values(canaries))
    for (const secret of [...secrets, ...rig().databases.flatMap(({ password }) => (password ? [password] : []))]) {
      expect(secret.length).toBeGreaterThan(8)
      expect(everything).not.toContain(secret.slice(0, 12))
    }
  })

  it('says that Docker refuses a user without its group, and how to mend that', async () => {
    const all = await test(user((users) => users.noDocker))
    expect(check(all, 'docker')).toMatchObject({ outcome: 'failed', facts: { state: 'refused' } })
    expect(check(all, 'docker').remedy).toContain('docker group')
    expect(outcomes(all)).toMatchObject({
      login: 'proven',
      compose: 'not-checked',
      'pg-dump': 'not-checked',
      clock: 'proven',
    })
    expect(check(all, 'postgres').outcome).not.toBe('proven')
    expect(all.result.found).toEqual([])
  })

  it('notices start files that print, and is not misled by them', async () => {
    const all = await test(user((users) => users.noisy))
    expect(Number(check(all, 'shell').facts['noiseBytes'])).toBeGreaterThan(50)
    expect(outcomes(all)).toMatchObject({
      docker: 'proven',
      compose: 'proven',
      postgres: 'proven',
      'pg-dump': 'proven',
    })
    expect(all.result.found.map(({ label }) => label)).toEqual(expect.arrayContaining(['prod', 'test']))
  })

  it('calls .env files that belong to somebody else unreadable, and does not offer them', async () => {
    const all = await test(user((users) => users.noisy))
    expect(check(all, 'env-files')).toMatchObject({ outcome: 'failed', facts: { files: 2, unreadable: 2 } })
    expect(all.result.found.find(({ label }) => label === 'prod')?.env).toEqual([])
  })

  it('is over when it is cancelled, and names what it did not come to', async () => {
    const told: ServerTest[] = []
    const stop = new AbortController()
    const onProgress = (progress: ServerTest): void => {
      told.push(progress)
      if (progress.checks.length === 4) stop.abort()
    }
    await expect(
      test(
        user((users) => users.operator),
        { signal: stop.signal, onProgress },
      ),
    ).rejects.toThrow(/abort/i)
    const last = told.at(-1)
    expect(last?.running).toBe(false)
    expect(last?.checks.map(({ name }) => name)).toEqual([...checkNames])
    expect(last?.checks.slice(0, 4).every(({ outcome }) => outcome === 'proven')).toBe(true)
    expect(last?.checks.slice(4).every(({ outcome }) => outcome === 'not-checked')).toBe(true)
  })

  it('works the same with dash as the login shell', async () => {
    const all = await test(user((users) => users.dash))
    expect(check(all, 'shell')).toMatchObject({ outcome: 'proven', facts: { shell: '/bin/sh', noiseBytes: 0 } })
    expect(outcomes(all)).toMatchObject({
      docker: 'proven',
      postgres: 'proven',
      'pg-dump': 'proven',
      backups: 'failed',
    })
  })

  it('stops at a login that is refused: what was proven stands, the rest was not checked', async () => {
    const { operator } = rig().users
    const all = await test(serverOf(operator, { auth: { kind: 'key', file: rig().keys.stranger.path } }))
    expect(outcomes(all)).toMatchObject({ reach: 'proven', 'host-key': 'proven', login: 'failed' })
    const rest = all.result.checks.slice(3)
    expect(rest.map(({ name }) => name)).toEqual(checkNames.slice(3))
    expect(new Set(rest.map(({ outcome }) => outcome))).toEqual(new Set(['not-checked']))
    for (const { detail } of rest) expect(detail).toContain('login did not succeed')
  })

  it('stops at a host key that is not the expected one, and shows the one that came', async () => {
    const other = rig().inner.hostKeys[0]?.fingerprint ?? ''
    const all = await test(serverOf(rig().users.operator, { hostKey: other }))
    expect(outcomes(all)).toMatchObject({ reach: 'proven', 'host-key': 'failed', login: 'not-checked' })
    expect(check(all, 'host-key').remedy).toContain('Do not go on')
    const shown = check(all, 'host-key').facts['fingerprint']
    expect(rig().ssh.hostKeys.map(({ fingerprint }) => fingerprint)).toContain(shown)
  })

  it('says that nothing listens where nothing listens', async () => {
    const all = await test(serverOf(rig().users.operator, { port: 9 }))
    expect(check(all, 'reach')).toMatchObject({ outcome: 'failed', detail: 'Nothing listens at 127.0.0.1:9.' })
    expect(outcomes(all)['host-key']).toBe('not-checked')
  })

  it('fails the disk check when the databases would not fit here', async () => {
    const all = await test(
      user((users) => users.operator),
      {
        local: { copiesDir: '/copies', freeBytes: async () => 10_000_000, ageLimitHours: 26 },
      },
    )
    expect(check(all, 'disk')).toMatchObject({
      outcome: 'failed',
      facts: { localFree: 10_000_000, localFolder: '/copies' },
    })
    expect(Number(check(all, 'disk').facts['needed'])).toBeGreaterThan(10_000_000)
  })

  it('sees a clock that is a day off, within the error it states', async () => {
    const day = 86_400_000
    const all = await test(
      user((users) => users.operator),
      { now: () => new Date(Date.now() - day) },
    )
    const { difference, accuracy } = check(all, 'clock').facts
    expect(check(all, 'clock').outcome).toBe('failed')
    expect(Math.abs(Number(difference) - 86_400)).toBeLessThanOrEqual(Number(accuracy) + 1)
  })

  it('does not take a line that breaks midway for anything that the server lacks', async () => {
    const here = world(nobodyAnswers)
    const server = user((users) => users.operator)
    const broken = Promise.withResolvers<void>()
    let connection: Connection | undefined
    const all = await test(server, {
      connect: async () => (connection = await connectServer(server, here)),
      local: {
        copiesDir: '/copies',
        ageLimitHours: 26,
        freeBytes: async () => {
          await connection
            ?.run(['/bin/sh', '-c', 'kill -9 $PPID'], { signal: here.signal })
            .catch(() => broken.resolve())
          await broken.promise
          return 1e15
        },
      },
    })
    expect(outcomes(all)).toMatchObject({ 'pg-dump': 'proven', clock: 'not-checked', 'env-files': 'proven' })
    expect(check(all, 'clock').detail).toContain('broke off')
    expect(all.result.found.map(({ label }) => label)).toContain('prod')
    expect(all.result.running).toBe(false)
  })

  it('ends at once when it is cancelled, and leaves no connection behind', async () => {
    const stop = new AbortController()
    const server = user((users) => users.operator)
    const here = { ...world(nobodyAnswers), signal: stop.signal }
    let closed: Promise<unknown> | undefined
    const running = test(server, {
      signal: stop.signal,
      connect: async () => {
        const connection = await connectServer(server, here)
        closed = connection.closed
        return connection
      },
      onProgress: ({ checks }) => {
        if (checks.length === 5) stop.abort()
      },
    })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(closed).toBeDefined()
    await closed
  })
})
