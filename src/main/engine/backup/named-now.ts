import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#shared/database.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'

/**
 * The names under which a copy is kept: those of today, since a server or a label may have been given another one while
 * the copy was made. An entry that means another database by now has no name for it: then those of the begin hold.
 */
export function namedNow(catalogue: Catalogue, taken: Database): { server: string; label: string } {
  const now = catalogue.databases.get(taken.id)
  const source = ({ server, place, dbname, backups }: Database) => ({ server, place, dbname, backups })
  const { serverName, label } = now && isDeepStrictEqual(source(now), source(taken)) ? now : taken
  return { server: serverName, label }
}
