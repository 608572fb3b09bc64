import { DatabaseError, type Client, type QueryArrayConfig } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'
import { lacksRoom } from '#engine/sandbox/lost.ts'
import type { Sandbox, SandboxRole } from '#engine/sandbox/sandbox.ts'

/** A row as PostgreSQL writes it: every field as text. */
export type Fields = (string | null)[]

/**
 * Runs SQL and gives the rows of its last statement.
 * @throws DatabaseError what PostgreSQL says; LifeboatFailure sandbox-lost, sandbox-full; the signal's reason
 */
export type Ask = (sql: string) => Promise<Fields[]>

/**
 * Who looks at the rows of tables. Already the planning of a query runs functions of the dump, as the one who asks: those in
 * the condition of an index, in the key of partitions, in statistics. Where a dump is given no power while it is loaded, it
 * must not come to any by being looked at. Grants to PUBLIC have to be compared before a reader comes in.
 */
export function rowReader({ superuser }: Sandbox): SandboxRole {
  return superuser ? 'admin' : 'reader'
}

/** A session of the sandbox for as long as `work` takes. An abort ends it, and the query that runs in it. */
export async function withSession<T>(
  sandbox: Sandbox,
  { role, database }: { role: SandboxRole; database: string },
  signal: AbortSignal,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const client = await sandbox.connect(role, database)
  let giveUp = (): void => undefined
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error)
  })
  given.catch(() => undefined)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    const ask: Ask = (sql) => Promise.race([run(client, sql), given, sandbox.lost])
    // bytes without an encoding come as they are: PostgreSQL would refuse to hand over what is no UTF-8
    await ask(
      `SELECT pg_catalog.set_config('client_encoding', 'SQL_ASCII', false) WHERE pg_catalog.getdatabaseencoding() = 'SQL_ASCII'`,
    )
    // a large table takes longer than a person would wait for a page of it
    if (role === 'reader') await ask('SET statement_timeout = 0')
    return await work(ask)
  } finally {
    signal.removeEventListener('abort', giveUp)
    await client.end().catch(() => undefined)
  }
}

/** Everything as text: a number of PostgreSQL may be too large for one of JavaScript. */
const asText: QueryArrayConfig['types'] = { getTypeParser: () => (value: unknown) => value }

async function run(client: Client, sql: string): Promise<Fields[]> {
  try {
    const result = await client.query<Fields>({ text: sql, rowMode: 'array', types: asText })
    // several statements give an array of results
    return [result].flat().at(-1)?.rows ?? []
  } catch (error) {
    throw ofSandbox(error)
  }
}

/** What says nothing about the copy: the sandbox has no room, or is gone. */
function ofSandbox(error: unknown): unknown {
  if (error instanceof LifeboatFailure) return error
  const code = error instanceof DatabaseError ? (error.code ?? '') : ''
  if (lacksRoom(code)) {
    return new LifeboatFailure('sandbox-full', 'The sandbox ran out of room while the copy was proven.', {
      cause: error,
    })
  }
  if (error instanceof DatabaseError && !code.startsWith('57P')) return error
  return new LifeboatFailure('sandbox-lost', 'The sandbox went away while the copy was proven.', { cause: error })
}
