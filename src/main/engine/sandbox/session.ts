import type { Duplex } from 'node:stream'
import { Client, DatabaseError } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'
import { closeForReader } from './closed-for-reader.ts'
import { roleNames, type SandboxRole } from './sandbox.ts'
import { sessionOptions } from './settings.ts'

/** How bytes come to the server: a socket of this computer, or a stream of our own making for each session. */
export type WayIn =
  { kind: 'socket'; dir: string } | { kind: 'tcp'; port: number } | { kind: 'stream'; open: () => Duplex }

export type Passwords = Record<SandboxRole, string>

/** Everything that a session needs to know of its server. */
export type Door = { way: WayIn; passwords: Passwords; major: number; superuser: boolean }

/** How long a server of ours may take to answer a login. */
const loginLimitMs = 60_000
const readerLimitMs = 60_000

/** One session. Throws what `pg` throws. */
export async function openSession(door: Door, role: SandboxRole, database: string): Promise<Client> {
  const client = new Client({
    ...wayOf(door.way),
    user: roleNames[role],
    password: door.passwords[role],
    database,
    ssl: false,
    client_encoding: 'UTF8',
    application_name: 'lifeboat',
    connectionTimeoutMillis: loginLimitMs,
    options: sessionOptions(pinned(door, role)),
  })
  // whoever uses the session sees its end by the query that fails; without a listener it would end this process
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  return client
}

function wayOf(way: WayIn): { host: string; port: number; stream?: () => Duplex } {
  switch (way.kind) {
    case 'socket':
      return { host: way.dir, port: 5432 }
    case 'tcp':
      return { host: '127.0.0.1', port: way.port }
    case 'stream':
      return { host: '127.0.0.1', port: 5432, stream: way.open }
  }
}

function pinned({ major, superuser }: Door, role: SandboxRole): Record<string, string> {
  // only a superuser may say it, and only since 17; the others have it from the server's own settings
  const mayQuiet = major >= 17 && (role === 'admin' || (role === 'loader' && superuser))
  const quiet: Record<string, string> = mayQuiet ? { event_triggers: 'off' } : {}
  if (role !== 'reader') return quiet
  return { default_transaction_read_only: 'on', statement_timeout: String(readerLimitMs) }
}

/** Sessions for whoever asks, with failures in words; `whenLost` rejects once the server is gone. */
export function sessions(
  door: Door,
  whenLost: Promise<never>,
): (role: SandboxRole, database: string) => Promise<Client> {
  const closed = new Map<string, Promise<void>>()
  const openAs = async (role: SandboxRole, database: string): Promise<Client> =>
    Promise.race([
      openSession(door, role, database).catch(async (error: unknown) => explain(error, database, whenLost)),
      whenLost,
    ])

  const closeOnce = async (database: string): Promise<void> => {
    const admin = await openAs('admin', database)
    try {
      await closeForReader(admin, database)
    } finally {
      await admin.end()
    }
  }
  return async (role, database) => {
    if (role === 'reader') {
      const closing = closed.get(database) ?? closeOnce(database)
      closed.set(database, closing)
      await closing.catch((error: unknown) => {
        closed.delete(database)
        throw error
      })
    }
    return openAs(role, database)
  }
}

const lastWordMs = 2000

async function explain(error: unknown, database: string, whenLost: Promise<never>): Promise<never> {
  if (error instanceof DatabaseError && error.code === '3D000')
    throw new LifeboatFailure('not-found', `There is no database ${database} in the sandbox.`, { cause: error })
  // a refused connection is often the first sign that the server is going: give it a moment to say so
  if (!(error instanceof DatabaseError))
    await Promise.race([whenLost, new Promise((resolve) => setTimeout(resolve, lastWordMs))])
  const detail = error instanceof Error ? error.message : String(error)
  throw new LifeboatFailure('sandbox-lost', 'The sandbox no longer answers.', { cause: error, detail })
}

/** What the server says of itself, for evidence: its version, and settings that are not PostgreSQL's own. */
export async function readEngine(
  admin: Client,
): Promise<{ version: string; major: number; settings: SandboxEngine['settings'] }> {
  const version = await admin.query<{ version: string; number: string }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
  )
  const changed = await admin.query<{ name: string; value: string }>(
    `SELECT name, pg_catalog.current_setting(name) AS value FROM pg_catalog.pg_settings
     WHERE source IN ('command line', 'configuration file') AND setting IS DISTINCT FROM boot_val
       AND category NOT LIKE 'File Locations' AND name NOT IN ('unix_socket_directories', 'unix_socket_permissions', 'listen_addresses', 'port')
     ORDER BY name`,
  )
  const row = version.rows[0]
  return {
    version: (row?.version ?? '').split(' ')[0] ?? '',
    major: Math.floor(Number(row?.number ?? 0) / 10_000),
    settings: Object.fromEntries(changed.rows.map(({ name, value }) => [name, value])),
  }
}
