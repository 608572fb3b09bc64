import { create } from 'zustand'
import type { Changes, Copy } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { call } from '../bridge.ts'

interface CopyStore {
  id: string | null
  copy: Copy | null
  changes: Changes | null
  /** why it is not known what changed; the page still tells everything about the copy itself */
  changesFailure: Failure | null
  failure: Failure | null
  open: (id: string) => Promise<void>
  refresh: () => Promise<void>
}

/** The one copy whose page is open. */
export const useCopy = create<CopyStore>((set, get) => ({
  id: null,
  copy: null,
  changes: null,
  changesFailure: null,
  failure: null,
  open: async (id) => {
    if (get().id !== id) set({ id, copy: null, changes: null, changesFailure: null, failure: null })
    await get().refresh()
  },
  refresh: async () => {
    const { id } = get()
    if (id === null) return
    try {
      const [copy, changes] = await Promise.all([
        call('copy.show', { id }),
        call('copy.changes', { id }).then(
          (value) => ({ changes: value, changesFailure: null }),
          (error: unknown) => ({ changes: null, changesFailure: toFailure(error) }),
        ),
      ])
      if (get().id === id) set({ copy, ...changes, failure: null })
    } catch (error) {
      if (get().id === id) set({ failure: toFailure(error) })
    }
  },
}))
