import { listBackups } from '#engine/backup/list-backups.ts'
import { pullBackups } from '#engine/backup/pull.ts'
import { takeDump } from '#engine/backup/take-dump.ts'
import type { Database } from '#shared/database.ts'
import type { Context, Handlers } from './context.ts'
import { requireDatabase } from './database.ts'
import { requireServer } from './server.ts'

export function backupHandlers(context: Context): Pick<Handlers, 'backup.start' | 'backup.list' | 'pull.start'> {
  const { catalogue, jobs, now } = context
  const common = (database: Database, log: (text: string) => void) => {
    const server = requireServer(context, database.server)
    return {
      server,
      database,
      catalogue,
      now,
      version: context.version,
      copiesDir: context.copiesDir(),
      connect: (signal: AbortSignal) => context.connect(server, signal, log),
      open: context.openDatabase(database),
    }
  }
  return {
    'backup.start': async ({ databaseId }) => {
      const database = requireDatabase(context, databaseId)
      const job = jobs.start(newJob('backup', database), async (tools) => {
        const row = await takeDump(common(database, tools.report.log), tools)
        tools.report.copy(row.id)
        context.changed('copy')
        return { outcome: row.face }
      })
      return { jobId: job.id }
    },
    'backup.list': async ({ databaseId }) => {
      const database = requireDatabase(context, databaseId)
      return listBackups(
        common(database, () => {}),
        AbortSignal.timeout(60_000),
      )
    },
    'pull.start': async ({ databaseId, which }) => {
      const database = requireDatabase(context, databaseId)
      const job = jobs.start(newJob('pull', database), async (tools) => {
        const onCopy = (): void => context.changed('copy')
        const outcome = await pullBackups({ ...common(database, tools.report.log), which, onCopy }, tools)
        return { outcome }
      })
      return { jobId: job.id }
    },
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
