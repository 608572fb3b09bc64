import { engineCalls, type ServerTest } from '#shared/contract.ts'
import type { Store } from './store.ts'

const testSchema = engineCalls['server.lastTest'].output

export type Tests = ReturnType<typeof testsTable>

/** The last connection test of each server. */
export function testsTable(store: Store) {
  return {
    put(test: ServerTest): void {
      // a server that was removed while its test ran has no row to keep it for
      const sql = 'INSERT OR REPLACE INTO server_tests SELECT id, ? FROM servers WHERE id = ?'
      store.run(sql, JSON.stringify(test), test.serverId)
    },
    get(serverId: string): ServerTest | undefined {
      const row = store.get<{ test: string }>('SELECT test FROM server_tests WHERE server_id = ?', serverId)
      // written by an older version, it may no longer fit: then there is none
      return row && (testSchema.safeParse(JSON.parse(row.test)).data ?? undefined)
    },
    forget(serverId: string): void {
      store.run('DELETE FROM server_tests WHERE server_id = ?', serverId)
    },
  }
}
