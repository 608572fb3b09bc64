import type { Copy } from '#shared/copy.ts'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Comparison } from '#shared/verification.ts'
import { countSourceNow } from '#engine/backup/source-now.ts'
import { compareCopies, compareTables, knownTables } from '#engine/copies/compare.ts'
import { readCopy } from '#engine/copies/show.ts'
import type { Context, Handlers } from './context.ts'
import { reachOf } from './reach.ts'

type Words = Extract<keyof Handlers, `compare.${string}`>

export function compareHandlers(context: Context): Pick<Handlers, Words> {
  const { catalogue, jobs, now } = context
  /** by job; what the source held a while ago is worth nothing, so that it goes with the engine */
  const results = new Map<string, Comparison>()
  return {
    'compare.copies': async ({ left, right }) =>
      compareCopies(await readCopy(catalogue, left), await readCopy(catalogue, right)),
    'compare.source': async ({ copyId }) => {
      const copy = await readCopy(catalogue, copyId)
      knownTables(copy)
      const database = databaseOf(context, copy)
      const job = jobs.start(newJob(database, copy), async (tools) => {
        const takenAt = now().toISOString()
        const { source, copy: tables } = await countSourceNow(reachOf(context, database, tools.report.log), copy, tools)
        results.set(tools.jobId, {
          left: { copyId: copy.id, takenAt: copy.takenAt },
          right: { kind: 'source', databaseId: database.id, takenAt },
          tables: compareTables(tables, source),
        })
        return {}
      })
      return { jobId: job.id }
    },
    'compare.result': async ({ jobId }) => results.get(jobId) ?? null,
  }
}

function databaseOf({ catalogue }: Context, { server, label }: Copy): Database {
  const found = catalogue.databases.list().find((each) => each.serverName === server && each.label === label)
  if (found) return found
  throw new LifeboatFailure('not-found', 'The database that this copy came from is no longer in the list.')
}

function newJob(database: Database, copy: Copy) {
  return {
    kind: 'compare' as const,
    subject: `${copy.server}/${copy.label}`,
    serverId: database.server,
    databaseId: database.id,
    copyIds: [copy.id],
    key: `database:${database.id}`,
  }
}
