import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { EndedDump } from '#engine/postgres/end-dump.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'

/** Finds a database behind a connection; it has answered, so it lets us in. */
export type OpenDatabase = (
  connection: Connection,
  signal: AbortSignal,
) => Promise<{ postgres: RemotePostgres; facts: DatabaseFacts }>

/** The way to a database. */
export type Reach = {
  database: Database
  /** logs in at the server; whoever asks ends it */
  connect: (signal: AbortSignal) => Promise<Connection>
  /** logs in once more after the line broke, without troubling anybody */
  reconnect: (signal: AbortSignal) => Promise<Connection>
  /** finds the database behind a connection */
  open: OpenDatabase
}

/**
 * A closed channel does not end the program behind it, and neither does a line that broke: then it is ended over a new
 * one. Bounded in time, and its own failure never hides the first one.
 */
export async function endLeft(
  reach: Reach,
  remote: RemotePostgres,
  names: readonly string[],
  log: (text: string) => void,
): Promise<void> {
  const signal = AbortSignal.timeout(20_000)
  try {
    const ended = await remote.endDump(names, signal).catch((error: unknown) => {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'connection-lost') throw error
      return endOverNewLine(reach, names, signal)
    })
    if (ended.backends + ended.clients > 0) log('What this job had left on the server was ended.')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log(`Whether something of this job still runs on ${reach.database.serverName} could not be seen: ${reason}`)
  }
}

async function endOverNewLine(reach: Reach, names: readonly string[], signal: AbortSignal): Promise<EndedDump> {
  const connection = await reach.reconnect(signal)
  try {
    const { postgres } = await reach.open(connection, signal)
    return await postgres.endDump(names, signal)
  } finally {
    await connection.end()
  }
}
