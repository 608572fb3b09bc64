import { databaseSchema, type Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Renames } from './renames.ts'
import type { Keep } from './servers.ts'
import type { Store } from './store.ts'

// the name of its server is the server's business: it may change there
type DatabaseRow = { database: string; server_name: string }
const select = `SELECT d.database, s.name AS server_name FROM databases d JOIN servers s ON s.id = d.server_id`

function fromRow(row: DatabaseRow): Database {
  const stored: unknown = JSON.parse(row.database)
  return databaseSchema.parse({ ...Object(stored), serverName: row.server_name })
}

export type Databases = ReturnType<typeof databasesTable>

export function databasesTable(store: Store, keep: Keep, renames: Renames) {
  const one = (row: DatabaseRow | undefined): Database | undefined => row && fromRow(row)
  const get = (id: string): Database | undefined => one(store.get<DatabaseRow>(`${select} WHERE d.id = ?`, id))
  const find = (serverId: string, label: string): Database | undefined =>
    one(store.get<DatabaseRow>(`${select} WHERE d.server_id = ? AND d.label = ?`, serverId, label))
  const requirePlace = (database: Database): void => {
    if (!store.get('SELECT id FROM servers WHERE id = ?', database.server)) {
      throw new LifeboatFailure('not-found', 'The server of this database is no longer in the list.')
    }
    const other = find(database.server, database.label)
    if (!other || other.id === database.id) return
    throw new LifeboatFailure('name-taken', `${other.serverName} already has a database labelled ${database.label}.`)
  }
  return {
    list: (): Database[] => store.all<DatabaseRow>(`${select} ORDER BY s.name, d.label`).map(fromRow),
    get,
    find,
    insert(database: Database): void {
      keep(() => {
        requirePlace(database)
        const sql = 'INSERT INTO databases (id, server_id, label, database) VALUES (?, ?, ?, ?)'
        store.run(sql, database.id, database.server, database.label, JSON.stringify(database))
      })
    },
    /** A new label goes with the database: its copies follow. */
    update(database: Database): void {
      keep(() => {
        const before = get(database.id)
        if (!before) throw new LifeboatFailure('not-found', 'This database is no longer in the list.')
        requirePlace(database)
        const sql = 'UPDATE databases SET server_id = ?, label = ?, database = ? WHERE id = ?'
        store.run(sql, database.server, database.label, JSON.stringify(database), database.id)
        if (before.label !== database.label) renames.database(before.serverName, before.label, database.label)
      })
    },
    remove(id: string): void {
      keep(() => store.run('DELETE FROM databases WHERE id = ?', id))
    },
  }
}
