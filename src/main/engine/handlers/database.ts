import { randomUUID } from 'node:crypto'
import type { Parsed } from '#shared/contract.ts'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { isAlive } from '#engine/disk/owner.ts'
import type { Context, Handlers } from './context.ts'
import { requireServer } from './server.ts'

type Words = 'database.list' | 'database.add' | 'database.update' | 'database.remove'

export function databaseHandlers(context: Context): Pick<Handlers, Words> {
  const { catalogue } = context
  return {
    'database.list': async () => catalogue.databases.list(),
    'database.add': async (wanted) => {
      const database = complete(context, wanted, randomUUID(), context.now().toISOString())
      catalogue.databases.insert(database)
      context.changed('database')
      return database
    },
    'database.update': async ({ id, database: wanted }) => {
      const before = requireDatabase(context, id)
      const database = complete(context, wanted, id, before.addedAt)
      catalogue.databases.update(database)
      // what was seen was seen of other files
      if (database.env.join('\n') !== before.env.join('\n')) catalogue.drifts.forget(id)
      context.changed('database')
      return database
    },
    'database.remove': async ({ id }) => {
      requireDatabase(context, id)
      // also those of the window, where this is the terminal, and the other way round
      if (catalogue.jobs.underWay(isAlive).some((job) => job.databaseId === id)) {
        throw new LifeboatFailure('in-use', 'Something is still running on this database.')
      }
      catalogue.databases.remove(id)
      context.changed('database')
      return {}
    },
  }
}

export function requireDatabase({ catalogue }: Context, id: string): Database {
  const database = catalogue.databases.get(id)
  if (!database) throw new LifeboatFailure('not-found', 'This database is no longer in the list.')
  return database
}

/** A label is taken once per server. */
function complete(context: Context, wanted: Parsed<'database.add'>, id: string, addedAt: string): Database {
  const server = requireServer(context, wanted.server)
  const taken = context.catalogue.databases.find(server.id, wanted.label)
  if (taken && taken.id !== id) {
    throw new LifeboatFailure('name-taken', `${server.name} already has a database labelled ${wanted.label}.`)
  }
  return { ...wanted, id, serverName: server.name, addedAt }
}
