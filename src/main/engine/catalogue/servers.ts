import { LifeboatFailure } from '#shared/failure.ts'
import { serverSchema, type Server } from '#shared/server.ts'
import type { Renames } from './renames.ts'
import type { Store } from './store.ts'

/** Runs a change of what a person typed; profiles.json has it before the catalogue's commit. */
export type Keep = <T>(change: () => T) => T

type ServerRow = { server: string }
const fromRow = ({ server }: ServerRow): Server => serverSchema.parse(JSON.parse(server))

export type Servers = ReturnType<typeof serversTable>

export function serversTable(store: Store, keep: Keep, renames: Renames) {
  const get = (id: string): Server | undefined => {
    const row = store.get<ServerRow>('SELECT server FROM servers WHERE id = ?', id)
    return row && fromRow(row)
  }
  const byName = (name: string): Server | undefined => {
    const row = store.get<ServerRow>('SELECT server FROM servers WHERE name = ?', name)
    return row && fromRow(row)
  }
  const list = (): Server[] => store.all<ServerRow>('SELECT server FROM servers ORDER BY name').map(fromRow)
  const requireFree = (server: Server): void => {
    const other = byName(server.name)
    if (!other || other.id === server.id) return
    throw new LifeboatFailure('name-taken', `There is already a server called ${server.name}.`)
  }
  const put = (server: Server): void => {
    const text = JSON.stringify(server)
    store.run('UPDATE servers SET name = ?, server = ? WHERE id = ?', server.name, text, server.id)
  }
  return {
    list,
    get,
    byName,
    insert(server: Server): void {
      keep(() => {
        requireFree(server)
        const text = JSON.stringify(server)
        store.run('INSERT INTO servers (id, name, server) VALUES (?, ?, ?)', server.id, server.name, text)
      })
    },
    /** A new name goes with the server: its copies, and the servers that are reached through it, follow. */
    update(server: Server): void {
      keep(() => {
        const before = get(server.id)
        if (!before) throw new LifeboatFailure('not-found', 'This server is no longer in the list.')
        requireFree(server)
        put(server)
        if (before.name === server.name) return
        for (const other of list().filter(({ jump }) => jump === before.name)) put({ ...other, jump: server.name })
        renames.server(before.name, server.name)
      })
    },
    /** Its databases go with it; copies stay. */
    remove(id: string): void {
      keep(() => store.run('DELETE FROM servers WHERE id = ?', id))
    },
  }
}
