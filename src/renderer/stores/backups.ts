import { create } from 'zustand'
import type { CopyRow } from '#shared/copy.ts'
import type { Backup } from '#shared/database.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { holdsBackup } from '#shared/proof.ts'
import { call } from '../bridge.ts'
import { useDatabases } from './databases.ts'

interface Listing {
  backups: readonly Backup[] | null
  /** when the server was asked */
  at: string | null
  failure: Failure | null
  loading: boolean
}

interface BackupsStore {
  /** what the server's cron keeps, by database id */
  listings: Readonly<Record<string, Listing>>
  /** Calls that arrive while one is under way end in exactly one more reading. */
  read: (databaseId: string) => Promise<void>
  /** Copies have changed: what the lists say of them is read from the catalogue again, without the server. */
  recheck: () => Promise<void>
}

const nothing: Listing = { backups: null, at: null, failure: null, loading: false }

/** Backups on servers. Reading them connects, so it happens when the operator looks, never by itself. */
export const useBackups = create<BackupsStore>((set, get) => {
  const again = new Set<string>()

  const put = (databaseId: string, change: Partial<Listing>): void =>
    set(({ listings }) => ({
      listings: { ...listings, [databaseId]: { ...(listings[databaseId] ?? nothing), ...change } },
    }))

  async function readOnce(databaseId: string): Promise<void> {
    try {
      put(databaseId, { backups: await call('backup.list', { databaseId }), at: new Date().toISOString() })
      // copies may have changed while the answer was on its way
      await recheckOne(databaseId)
    } catch (error) {
      put(databaseId, { failure: toFailure(error) })
    }
  }

  async function recheckOne(databaseId: string): Promise<void> {
    const database = useDatabases.getState().value?.find(({ id }) => id === databaseId)
    if (!database || !get().listings[databaseId]?.backups?.some(({ copyId }) => copyId !== null)) return
    const { copies } = await call('copy.list', { server: database.serverName, label: database.label })
    const known = new Map(copies.map((copy) => [copy.id, copy]))
    const backups = get().listings[databaseId]?.backups ?? null
    if (backups) put(databaseId, { backups: backups.map((backup) => asHeld(backup, known)) })
  }

  return {
    listings: {},
    read: async (databaseId) => {
      again.add(databaseId)
      if (get().listings[databaseId]?.loading) return
      put(databaseId, { loading: true, failure: null })
      while (again.delete(databaseId)) await readOnce(databaseId)
      put(databaseId, { loading: false })
    },
    recheck: async () => {
      for (const databaseId of Object.keys(get().listings)) {
        try {
          await recheckOne(databaseId)
        } catch (error) {
          put(databaseId, { failure: toFailure(error) })
        }
      }
    },
  }
})

/** A backup beside the copy of it as it is now: gone, lost, or with another face. */
function asHeld(backup: Backup, known: ReadonlyMap<string, CopyRow>): Backup {
  if (backup.copyId === null) return backup
  const copy = known.get(backup.copyId)
  return copy && holdsBackup(copy.proofs)
    ? { ...backup, outcome: copy.face }
    : { ...backup, copyId: null, outcome: null }
}
