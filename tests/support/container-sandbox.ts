import { execFileSync } from 'node:child_process'
import { Client } from 'pg'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'

/** A throw-away PostgreSQL for tests of what is loaded into one: a container with one published port. */
export interface ContainerSandbox extends Sandbox {
  readonly container: string
}

/** The settings that every session of a sandbox has. */
const pinned =
  '-c event_triggers=off -c TimeZone=UTC -c IntervalStyle=postgres -c extra_float_digits=3 -c bytea_output=hex -c row_security=off'
const tuned =
  'fsync=off synchronous_commit=off full_page_writes=off wal_level=minimal max_wal_senders=0 autovacuum=off max_wal_size=8GB ' +
  'checkpoint_timeout=1h shared_buffers=512MB maintenance_work_mem=256MB max_connections=40'

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

/** Starts PostgreSQL of a major version. It must be stopped. */
export async function startContainer(major: number): Promise<ContainerSandbox> {
  const settings = tuned.split(' ').flatMap((setting) => ['-c', setting])
  const env = ['-e', 'POSTGRES_HOST_AUTH_METHOD=trust', '-e', 'LANG=C.UTF-8']
  const image = `postgres:${major}-alpine`
  const options = ['--rm', '-d', '--shm-size=256m', '--label', 'lifeboat-test', '-p', '127.0.0.1::5432']
  const container = docker('run', ...options, ...env, image, 'postgres', ...settings)
  const port = Number(docker('port', container, '5432').split('\n')[0]?.split(':').at(-1))
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  const eventTriggers = major >= 17 ? pinned : pinned.replace('-c event_triggers=off ', '')
  const connect = async (database: string) => {
    const options = `${eventTriggers} -c DateStyle=ISO,YMD`
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database, options })
    await client.connect()
    return client
  }
  await untilUp(() => connect('postgres'))
  return {
    container,
    id: container.slice(0, 12),
    engine: { kind: 'docker', version: String(major), image, settings: {} },
    major,
    superuser: true,
    connect: (_role, database) => connect(database),
    run: null,
    lost: lost.promise,
    keepUntil: () => {},
    row: () => {
      throw new Error('a test has no list of sandboxes')
    },
    stop: async () => {
      docker('rm', '-f', '-v', container)
      await Promise.resolve()
    },
  }
}

/** The first start ends with a restart, and a port that is published answers before its server does. */
async function untilUp(connect: () => Promise<Client>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const client = await connect()
      await client.end()
      return
    } catch (error) {
      if (tries > 600) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
