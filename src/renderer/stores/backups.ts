import { create } from 'zustand'
import type { CopyRow } from '#shared/copy.ts'
import type { Backup, Database } from '#shared/database.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { holdsBackup } from '#shared/proof.ts'
import { call } from '../bridge.ts'
import { useDatabases } from './databases.ts'
import { createResource } from './resource.ts'

/** Rows that one call brings: most backups are of the newest copies. */
const pageSize = 500

interface Listing {
  backups: readonly Backup[] | null
  /** when the server was asked */
  at: string | null
  failure: Failure | null
  /** what is said of the copies could not be read again: it may have changed since */
  unsure: Failure | null
  loading: boolean
}

interface BackupsStore {
  /** what the server's cron keeps, by database id */
  listings: Readonly<Record<string, Listing>>
  /** Calls that arrive while one is under way end in exactly one more reading. */
  read: (databaseId: string) => Promise<void>
  /**
   * Copies have changed: what the lists say of them is read from the catalogue again, without the server. Calls that
   * arrive while one is under way end in exactly one more reading.
   */
  recheck: () => Promise<void>
}

const nothing: Listing = { backups: null, at: null, failure: null, unsure: null, loading: false }

/** Backups on servers. Reading them connects, so it happens when the operator looks, never by itself. */
export const useBackups = create<BackupsStore>((set, get) => {
  const again = new Set<string>()

  const put = (databaseId: string, change: Partial<Listing>): void =>
    set(({ listings }) => ({
      listings: { ...listings, [databaseId]: { ...(listings[databaseId] ?? nothing), ...change } },
    }))

  async function readOnce(databaseId: string): Promise<void> {
    try {
      const backups = await call('backup.list', { databaseId })
      put(databaseId, { backups, at: new Date().toISOString(), failure: null })
    } catch (error) {
      return put(databaseId, { failure: toFailure(error) })
    }
    // copies may have changed while the answer was on its way
    await recheckOne(databaseId)
  }

  async function recheckOne(databaseId: string): Promise<void> {
    const database = useDatabases.getState().value?.find(({ id }) => id === databaseId)
    const wanted = new Set((get().listings[databaseId]?.backups ?? []).flatMap(({ copyId }) => copyId ?? []))
    try {
      const known = database && wanted.size > 0 ? await findCopies(database, wanted) : null
      // the server may have been read again meanwhile
      const backups = get().listings[databaseId]?.backups ?? null
      const held = known && backups ? backups.map((backup) => asHeld(backup, wanted, known)) : backups
      put(databaseId, { backups: held, unsure: null })
    } catch (error) {
      put(databaseId, { unsure: toFailure(error) })
    }
  }

  const rechecking = createResource(async () => {
    for (const databaseId of Object.keys(get().listings)) await recheckOne(databaseId)
  })

  return {
    listings: {},
    read: async (databaseId) => {
      again.add(databaseId)
      if (get().listings[databaseId]?.loading) return
      put(databaseId, { loading: true, failure: null })
      while (again.delete(databaseId)) await readOnce(databaseId)
      put(databaseId, { loading: false })
    },
    recheck: rechecking.getState().refresh,
  }
})

/** Those of a database's copies that have these ids, looked for from the newest on. */
async function findCopies(
  { serverName, label }: Pick<Database, 'serverName' | 'label'>,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, CopyRow>> {
  const found = new Map<string, CopyRow>()
  let total: number | null = null
  for (let offset = 0; ; offset += pageSize) {
    const page = await call('copy.list', { server: serverName, label, offset, limit: pageSize })
    // A copy that came or went in between has moved the others: one might be on neither page.
    if (total !== null && page.total !== total) return findCopies({ serverName, label }, wanted)
    total = page.total
    for (const copy of page.copies) if (wanted.has(copy.id)) found.set(copy.id, copy)
    if (found.size === wanted.size || offset + pageSize >= total) return found
  }
}

/** A backup beside the copy of it as it is now: gone, lost, or with another face. */
function asHeld(backup: Backup, wanted: ReadonlySet<string>, known: ReadonlyMap<string, CopyRow>): Backup {
  if (backup.copyId === null || !wanted.has(backup.copyId)) return backup
  const copy = known.get(backup.copyId)
  return copy && holdsBackup(copy.proofs)
    ? { ...backup, outcome: copy.face }
    : { ...backup, copyId: null, outcome: null }
}
