import { LifeboatFailure } from '#shared/failure.ts'
import type { Database } from '#shared/database.ts'
import type { Server } from '#shared/server.ts'
import { wrongUsage } from './arguments.ts'
import type { Tools } from './word.ts'

/** The server of this name. Throws `not-found`. */
export async function findServer(name: string, { call }: Tools): Promise<Server> {
  const wanted = name.normalize('NFC')
  const server = (await call('server.list', {})).find((each) => each.name === wanted)
  if (!server) throw new LifeboatFailure('not-found', `There is no server called ${name}.`)
  return server
}

/** `SERVER/LABEL` taken apart. Neither part can hold a slash. */
export function splitReference(reference: string): { server: string; label: string } {
  const parts = reference.normalize('NFC').split('/')
  const [server, label] = parts
  if (parts.length !== 2 || !server || !label) throw wrongUsage(`Write SERVER/LABEL, not ${reference}`)
  return { server, label }
}

/** The database behind `SERVER/LABEL`. Throws `not-found`. */
export async function findDatabase(reference: string, tools: Tools): Promise<Database> {
  const { server, label } = splitReference(reference)
  const databases = await tools.call('database.list', {})
  const database = databases.find((each) => each.serverName === server && each.label === label)
  if (!database) throw new LifeboatFailure('not-found', `There is no database ${reference}.`)
  return database
}
