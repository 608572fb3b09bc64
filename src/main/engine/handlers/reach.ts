import type { Database } from '#shared/database.ts'
import type { Reach } from '#engine/backup/end-left.ts'
import type { Context } from './context.ts'
import { requireServer } from './server.ts'

/** The way to a database: asks the operator where it must, the first time. */
export function reachOf(context: Context, database: Database, log: (text: string) => void): Reach {
  const server = requireServer(context, database.server)
  return {
    database,
    connect: (signal) => context.connect(server, signal, log),
    reconnect: (signal) => context.connect(server, signal, log, 'nobody'),
    open: context.openDatabase(database),
  }
}
