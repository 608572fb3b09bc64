import { LifeboatFailure } from '#shared/failure.ts'
import type { Pin } from '#shared/server.ts'
import type { Keep } from './servers.ts'
import type { Store } from './store.ts'

type PinRow = { host: string; port: number; type: string; key: string; fingerprint: string; added_at: string }

function fromRow({ added_at: addedAt, ...rest }: PinRow): Pin {
  return { ...rest, addedAt }
}

export type Pins = ReturnType<typeof pinsTable>

export function pinsTable(store: Store, keep: Keep) {
  return {
    list: (): Pin[] => store.all<PinRow>('SELECT * FROM pins ORDER BY host, port, type').map(fromRow),
    forHost: (host: string, port: number): Pin[] =>
      store.all<PinRow>('SELECT * FROM pins WHERE host = ? AND port = ? ORDER BY type', host, port).map(fromRow),
    /** A pin is never replaced by another key: it has to be removed by hand first. */
    add(pin: Pin): void {
      keep(() => {
        const sql = 'SELECT * FROM pins WHERE host = ? AND port = ? AND type = ?'
        const before = store.get<PinRow>(sql, pin.host, pin.port, pin.type)
        if (before?.key === pin.key) return
        if (before) {
          throw new LifeboatFailure('host-key-changed', `Another ${pin.type} key of ${pin.host} is accepted already.`)
        }
        const { host, port, type, key, fingerprint, addedAt } = pin
        store.run('INSERT INTO pins VALUES (?, ?, ?, ?, ?, ?)', host, port, type, key, fingerprint, addedAt)
      })
    },
    remove(host: string, port: number, type: string): void {
      keep(() => store.run('DELETE FROM pins WHERE host = ? AND port = ? AND type = ?', host, port, type))
    },
  }
}
