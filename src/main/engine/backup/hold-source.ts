import { z } from 'zod'
import { sourceVersionsSchema, type SourceVersions } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { quoteName } from '#engine/fingerprint/query.ts'
import { fingerprintSettings, pinSettings } from '#engine/fingerprint/settings.ts'
import type { PsqlSession } from '#engine/postgres/psql-session.ts'
import { asJson, parseRows } from '#engine/postgres/remote.ts'
import { sourceVersionsSql } from '#engine/postgres/source-versions.ts'
import { sourceTableSchema, sourceTablesSql, type SourceTable } from '#engine/postgres/source-tables.ts'

/** A transaction that lasts as long as its session: what it sees, pg_dump sees with its snapshot. */
export type HeldSource = {
  readonly session: PsqlSession
  readonly snapshot: string
  readonly tables: readonly SourceTable[]
  readonly versions: SourceVersions | undefined
}

/**
 * Begins a transaction in this session, exports its snapshot, and locks every table that the dump will carry, the way
 * pg_dump locks them. Without the locks a table that somebody truncates or rewrites between the dump and the counting
 * would look empty, and one whose name goes to another table would be mistaken for that one.
 * Throws why the source can not be held; the session is then of no more use.
 * @param pinned settings that change how values are written: those of the dump
 */
export async function holdSource(
  session: PsqlSession,
  versionNumber: number,
  pinned = fingerprintSettings,
): Promise<HeldSource> {
  const [snapshot = ''] = await session.ask(`${pinSettings(pinned)} ${ownLimits(versionNumber)}
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SELECT pg_catalog.pg_export_snapshot();`)
  if (!/^[\w-]{1,100}$/.test(snapshot)) {
    throw new LifeboatFailure('remote-command', 'PostgreSQL exported no snapshot.', { detail: snapshot.slice(0, 200) })
  }
  const tables = await readTables(session)
  await lockTables(session, tables)
  const versions = await session.ask(`${asJson(sourceVersionsSql(versionNumber))};`)
  return { session, snapshot, tables, versions: parseRows(versions.join('\n'), sourceVersionsSchema)[0] }
}

/**
 * A server's own limits are meant for applications: pg_dump lifts them for itself, and so do we, all but two. We wait for
 * no lock for long, because the dump stands behind us; and when nobody has spoken to us for some minutes the laptop is
 * gone, and the server is to end what it has left.
 */
function ownLimits(versionNumber: number): string {
  const lifted = ['statement_timeout', ...(versionNumber >= 170_000 ? ['transaction_timeout'] : [])]
  // one backend beside pg_dump's, and no more: the server has other work to do
  const own = `SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '10min';
    SET max_parallel_workers_per_gather = 0; SET constraint_exclusion = off;`
  return `${lifted.map((name) => `SET ${name} = 0;`).join(' ')} ${own}`
}

async function readTables(session: PsqlSession): Promise<SourceTable[]> {
  const lines = await session.ask(`${asJson(sourceTablesSql)};`)
  // a name that is no UTF-8, as SQL_ASCII allows, can not be asked for
  return parseRows(lines.filter((line) => !line.includes('\uFFFD')).join('\n'), sourceTableSchema)
}

const roomSql = `select current_setting('max_locks_per_transaction')::float8
  * (current_setting('max_connections')::float8 + current_setting('max_prepared_transactions')::float8) as locks`
const tablesAtOnce = 500

async function lockTables(session: PsqlSession, tables: readonly SourceTable[]): Promise<void> {
  const [room] = parseRows((await session.ask(`${asJson(roomSql)};`)).join('\n'), z.object({ locks: z.number() }))
  // pg_dump locks as many again, and a full lock table would stop the applications
  if (tables.length > (room?.locks ?? 0) / 2) {
    const message = `The server has room for ${room?.locks ?? 0} locks, too few to hold ${tables.length} tables twice.`
    throw new LifeboatFailure('remote-command', message)
  }
  for (let at = 0; at < tables.length; at += tablesAtOnce) {
    const some = tables.slice(at, at + tablesAtOnce)
    const names = some.map(({ schema, name }) => `ONLY ${quoteName(schema)}.${quoteName(name)}`)
    await session.ask(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE;`)
  }
}
