import { LifeboatFailure } from '#shared/failure.ts'
import type { Pin } from '#shared/server.ts'
import type { HostKey, Place } from '#engine/ssh/target.ts'
import type { Keep } from './servers.ts'
import type { Store } from './store.ts'

type PinRow = Omit<Pin, 'addedAt'> & { added_at: string }

function fromRow({ added_at: addedAt, ...rest }: PinRow): Pin {
  return { ...rest, addedAt }
}

export type Pins = ReturnType<typeof pinsTable>

export function pinsTable(store: Store, keep: Keep) {
  const forHost = (host: string, port: number): Pin[] =>
    store.all<PinRow>('SELECT * FROM pins WHERE host = ? AND port = ? ORDER BY way, type', host, port).map(fromRow)

  function put({ host, port, way, type, key, fingerprint, addedAt }: Pin): void {
    // without a way counts as reached directly here: of the two there is never more than one
    const same = (pin: Pin): boolean => pin.type === type && (pin.way ?? '') === (way ?? '')
    const before = forHost(host, port).find(same)
    if (before?.key === key) return
    if (before) throw new LifeboatFailure('host-key-changed', `Another ${type} key of ${host} is accepted already.`)
    store.run('INSERT INTO pins VALUES (?, ?, ?, ?, ?, ?, ?)', host, port, way, type, key, fingerprint, addedAt)
  }

  return {
    list: (): Pin[] => store.all<PinRow>('SELECT * FROM pins ORDER BY host, port, way, type').map(fromRow),
    /** those of all ways */
    forHost,
    /** A pin is never replaced by another key: it has to be removed by hand first. */
    add(pin: Pin): void {
      keep(() => put(pin))
    },
    /**
     * A key that was pinned at this host and port without a way was shown at `place`: it is kept there. What was kept without a
     * way is from now on that of the direct connection alone, which it always stood for as well.
     */
    settle(host: string, port: number, place: Place, { type, key }: HostKey): void {
      keep(() => {
        const old = forHost(host, port).find((pin) => pin.way === null && pin.type === type && pin.key === key)
        // another process has done it
        if (!old) return
        store.run(`UPDATE pins SET way = '' WHERE host = ? AND port = ? AND way IS NULL`, host, port)
        put({ ...old, ...place })
      })
    },
    remove({ host, port, way, type }: Pick<Pin, 'host' | 'port' | 'way' | 'type'>): void {
      const sql = 'DELETE FROM pins WHERE host = ? AND port = ? AND way IS ? AND type = ?'
      keep(() => store.run(sql, host, port, way, type))
    },
  }
}
