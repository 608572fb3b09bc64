import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Client } from 'pg'
import type { DumpReport } from '#shared/dump-report.ts'
import { pinSettings } from '#engine/fingerprint/settings.ts'
import type { DumpPlan } from '#engine/dump/plan.ts'
import { readDump } from '#engine/dump/read.ts'
import { createReading } from '#engine/dump/reading.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { pieces } from '../../support/dump-text.ts'
import { psql } from '../machine/psql.ts'
import { run, succeeds, until } from '../machine/run.ts'

/** A PostgreSQL of this major version, for tests of the proof alone. */
export type ProofServer = {
  major: number
  container: string
  sandbox: Sandbox
  /** runs SQL in one of its databases, as the superuser */
  sql(database: string, sql: string): Promise<string>
  dump(database: string, options?: string[], env?: Record<string, string>): Promise<string>
  /** a new database with this dump in it, as psql restores it; gives what psql complained about */
  restore(database: string, dump: string, encoding?: string): Promise<string>
  stop(): Promise<void>
}

export async function proofServer(major: 15 | 17 | 18): Promise<ProofServer> {
  const container = `lifeboat-proof-${major}-${randomBytes(4).toString('hex')}`
  const options = ['-d', '--rm', '--name', container, '--tmpfs', '/var/lib/postgresql']
  options.push('-e', 'POSTGRES_HOST_AUTH_METHOD=trust')
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']
  const settings = [...fast, 'max_locks_per_transaction=512'].flatMap((one) => ['-c', one])
  await run('docker', ['run', ...options, `postgres:${major}-alpine`, ...settings])
  try {
    const answers = ['exec', container, 'pg_isready', '-q', '-h', '127.0.0.1']
    await until(`PostgreSQL in ${container}`, 240, () => succeeds('docker', answers))
    return await serverIn(container, major)
  } catch (error) {
    await remove(container)
    throw error
  }
}

async function remove(container: string): Promise<void> {
  await run('docker', ['rm', '-f', '-v', container], { accept: [0, 1] })
}

async function serverIn(container: string, major: number): Promise<ProofServer> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  const address = await run('docker', ['inspect', '-f', format, container])
  const sql = (database: string, text: string) => psql({ container, user: 'postgres', dbname: database }, text)
  return {
    major,
    container,
    sandbox: sandboxOn(address.stdout.trim(), major),
    sql,
    async dump(database, more = [], env = { PGTZ: 'UTC', PGOPTIONS: '-c bytea_output=hex' }) {
      const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
      const command = ['exec', ...variables, container, 'pg_dump', '-U', 'postgres', ...more, database]
      return (await run('docker', command)).stdout
    },
    async restore(database, dump, encoding = 'UTF8') {
      const locale = encoding === 'UTF8' ? '' : " LOCALE 'C'"
      await sql('postgres', `DROP DATABASE IF EXISTS "${database}"`)
      await sql('postgres', `CREATE DATABASE "${database}" TEMPLATE template0 ENCODING '${encoding}'${locale}`)
      const client = ['psql', '-X', '-q', '-U', 'postgres', '-d', database]
      const { stderr } = await run('docker', ['exec', '-i', container, ...client], { input: dump })
      return stderr
    },
    stop: () => remove(container),
  }
}

/** Fills a database with the rig's hard objects and values. */
export async function hardDatabase(server: ProofServer, database: string): Promise<void> {
  await server.sql('postgres', `CREATE DATABASE "${database}" TEMPLATE template0 ENCODING 'UTF8'`)
  const files = [
    'hard-values.sql',
    'hard-structure.sql',
    'hard-names.sql',
    ...(server.major >= 18 ? ['hard-18.sql'] : []),
  ]
  for (const file of files) {
    await server.sql(database, readFileSync(new URL(`../machine/seed/${file}`, import.meta.url), 'utf8'))
  }
}

export async function reportOf(dump: string): Promise<DumpReport> {
  return readDump(pieces(Buffer.from(dump)))
}

/** The plan of a dump, as the loader gets it. */
export async function planOf(dump: string): Promise<DumpPlan> {
  const reading = createReading(undefined, true)
  await reading.write(Buffer.from(dump))
  const plan = reading.plan(await reading.end())
  reading.destroy()
  if (!plan) throw new Error('no plan')
  return plan
}

function sandboxOn(host: string, major: number): Sandbox {
  return {
    id: 'proof',
    engine: { kind: 'docker', version: String(major), image: null, settings: {} },
    major,
    superuser: true,
    async connect(_role, database) {
      const client = new Client({ host, user: 'postgres', database })
      client.on('error', () => undefined)
      await client.connect()
      await client.query(`SET event_triggers = off; ${pinSettings()}`).catch(() => client.query(pinSettings()))
      return client
    },
    run: null,
    lost: new Promise(() => undefined),
    keepUntil: () => undefined,
    row: () => {
      throw new Error('not asked for here')
    },
    stop: async () => undefined,
  }
}
