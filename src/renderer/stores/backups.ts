import { create } from 'zustand'
import type { Backup } from '#shared/database.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

interface Listing {
  backups: readonly Backup[] | null
  failure: Failure | null
  loading: boolean
}

interface BackupsStore {
  /** what the server's cron keeps, by database id */
  listings: Readonly<Record<string, Listing>>
  read: (databaseId: string) => Promise<void>
}

/** Backups on servers. Reading them connects, so it happens when the operator looks, never by itself. */
export const useBackups = create<BackupsStore>((set, get) => ({
  listings: {},
  read: async (databaseId) => {
    const put = (change: Partial<Listing>): void => {
      const before = get().listings[databaseId] ?? { backups: null, failure: null, loading: false }
      set((state) => ({ listings: { ...state.listings, [databaseId]: { ...before, ...change } } }))
    }
    if (get().listings[databaseId]?.loading) return
    put({ loading: true, failure: null })
    try {
      put({ backups: await call('backup.list', { databaseId }), loading: false })
    } catch (error) {
      put({ failure: toFailure(error), loading: false })
    }
  },
}))
