import { driftSeenSchema, type DriftSeen } from '#shared/vault.ts'
import type { Store } from './store.ts'

export type Drifts = ReturnType<typeof driftsTable>

/** What was last seen of each database: whether its seal is still what its server has. In numbers: no name of a key. */
export function driftsTable(store: Store) {
  return {
    put(databaseId: string, seen: DriftSeen): void {
      // a database that was removed meanwhile has no row to keep it for
      const sql = 'INSERT OR REPLACE INTO drifts SELECT id, ? FROM databases WHERE id = ?'
      store.run(sql, JSON.stringify(seen), databaseId)
    },
    get(databaseId: string): DriftSeen | undefined {
      const row = store.get<{ drift: string }>('SELECT drift FROM drifts WHERE database_id = ?', databaseId)
      return row && driftSeenSchema.safeParse(JSON.parse(row.drift)).data
    },
    forget(databaseId: string): void {
      store.run('DELETE FROM drifts WHERE database_id = ?', databaseId)
    },
  }
}
