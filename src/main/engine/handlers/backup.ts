import { listBackups } from '#engine/backup/list-backups.ts'
import { endLeftovers } from '#engine/backup/leftovers.ts'
import { pullBackups } from '#engine/backup/pull.ts'
import { takeDump } from '#engine/backup/take-dump.ts'
import { unproven } from '#engine/verification/choose.ts'
import type { CopyRow } from '#shared/copy.ts'
import type { Database } from '#shared/database.ts'
import { toFailure } from '#shared/failure.ts'
import type { Job } from '#shared/job.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { awaitTurn } from '#engine/jobs/turn.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { Vault } from '#engine/vault/vault.ts'
import type { Context, Handlers } from './context.ts'
import { requireDatabase } from './database.ts'
import { reachOf } from './reach.ts'
import { requireServer } from './server.ts'
import { lookForDrift } from './vault-drift.ts'
import { startVerification } from './verify.ts'

type Words = 'backup.start' | 'backup.list' | 'pull.start'

export function backupHandlers(context: Context, vault: Vault): Pick<Handlers, Words> {
  const { catalogue, jobs, now } = context
  const ending = new AbortController()
  context.ended.push(async () => ending.abort())
  const common = (database: Database, log: (text: string) => void) => ({
    ...reachOf(context, database, log),
    server: requireServer(context, database.server),
    catalogue,
    now,
    version: context.version,
    copiesDir: context.copiesDir(),
  })
  /** The same, and the .env files are compared with what is sealed as soon as somebody has logged in. */
  const andDrift = (database: Database, { report: { log } }: JobTools) => {
    const all = common(database, log)
    const connect = async (signal: AbortSignal): Promise<Connection> => {
      const connection = await all.connect(signal)
      await lookForDrift(context, vault, database, connection, { signal, log })
      return connection
    }
    return { ...all, connect }
  }
  return {
    'backup.start': async ({ databaseId }) => {
      const named = requireDatabase(context, databaseId)
      const job = jobs.start({ ...newJob('backup', named), once: true }, async (tools) => {
        // as it is now: it may have been corrected while the job waited
        const database = requireDatabase(context, databaseId)
        const row = await takeDump(andDrift(database, tools), tools)
        tools.report.copy(row.id)
        context.changed('copy')
        await verifyAfter(context, database, [row], tools.report.log)
        return { outcome: row.face }
      })
      return { jobId: job.id }
    },
    'backup.list': async ({ databaseId }) => {
      const database = requireDatabase(context, databaseId)
      return listBackups(
        common(database, () => {}),
        ending.signal,
      )
    },
    'pull.start': async ({ databaseId, which }) => {
      const named = requireDatabase(context, databaseId)
      const job = jobs.start(newJob('pull', named), async (tools) => {
        const database = requireDatabase(context, databaseId)
        const brought: CopyRow[] = []
        const onCopy = (row: CopyRow): void => {
          brought.push(row)
          context.changed('copy')
        }
        // two processes that bring the same backups at once would bring each of them twice
        await awaitTurn({
          before: () => catalogue.jobs.unfinishedBefore(tools.jobId),
          first: (other) => other.kind === 'pull' && other.databaseId === database.id,
          signal: tools.signal,
        })
        try {
          return { outcome: await pullBackups({ ...andDrift(database, tools), which, onCopy }, tools) }
        } finally {
          // also those that came before one that did not
          await verifyAfter(context, database, brought, tools.report.log)
        }
      })
      return { jobId: job.id }
    },
  }
}

/** A copy that can not be verified is a copy all the same: the backup does not fail for it. */
async function verifyAfter(
  context: Context,
  database: Database,
  rows: readonly CopyRow[],
  log: (text: string) => void,
): Promise<void> {
  if (!database.verifyAfter) return
  try {
    for (const { id } of unproven(rows)) await startVerification(context, id, { keep: false })
  } catch (error) {
    log(`The verification could not be started: ${toFailure(error).message}`)
  }
}

function newJob(kind: 'backup' | 'pull', database: Database) {
  return {
    kind,
    subject: `${database.serverName}/${database.label}`,
    serverId: database.server,
    databaseId: database.id,
    key: `database:${database.id}`,
  }
}

/**
 * Ends what interrupted backups and comparisons have left on their servers. Nobody is asked anything for it: where
 * logging in needs a person, the next backup of that database does it.
 */
export async function endInterrupted(
  context: Context,
  interrupted: readonly Job[],
  patience: AbortSignal,
): Promise<void> {
  for (const job of interrupted.filter(({ kind }) => kind === 'backup' || kind === 'compare')) {
    const database = context.catalogue.databases.get(job.databaseId ?? '')
    const server = context.catalogue.servers.get(job.serverId ?? '')
    if (!database || !server || server.demo) continue
    const log = (text: string): void => {
      try {
        context.catalogue.jobs.appendLog(job.id, context.now().toISOString(), text)
      } catch {
        // the catalogue does not take it right now: a remark that is missing is no trouble of the engine
      }
    }
    const signal = AbortSignal.any([patience, AbortSignal.timeout(60_000)])
    try {
      const connection = await context.connect(server, signal, () => {}, 'nobody')
      try {
        const { postgres } = await context.openDatabase(database)(connection, signal)
        const ended = await endLeftovers(postgres, context.catalogue.jobs.get, signal)
        if (ended > 0) log('What it had left on the server was ended.')
      } finally {
        await connection.end()
      }
    } catch (error) {
      log(`Whether something of it still runs on the server could not be seen: ${toFailure(error).message}`)
    }
  }
}
