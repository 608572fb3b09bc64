import { create } from 'zustand'
import type { Changes, Copy } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

interface CopyStore {
  id: string | null
  copy: Copy | null
  changes: Changes | null
  failure: Failure | null
  open: (id: string) => Promise<void>
  refresh: () => Promise<void>
}

/** The one copy whose page is open. */
export const useCopy = create<CopyStore>((set, get) => ({
  id: null,
  copy: null,
  changes: null,
  failure: null,
  open: async (id) => {
    if (get().id !== id) set({ id, copy: null, changes: null, failure: null })
    await get().refresh()
  },
  refresh: async () => {
    const { id } = get()
    if (id === null) return
    try {
      const [copy, changes] = await Promise.all([
        call('copy.show', { id }),
        // Without the comparison the page still tells everything about the copy itself.
        call('copy.changes', { id }).catch(() => null),
      ])
      if (get().id === id) set({ copy, changes, failure: null })
    } catch (error) {
      if (get().id === id) set({ failure: toFailure(error) })
    }
  },
}))
