import { create } from 'zustand'
import type { Failure } from '#shared/failure.ts'

export interface Notice {
  id: number
  kind: 'done' | 'plain' | 'failure'
  title: string
  /** the database that it is about */
  subject?: { server: string; label: string }
  text?: string
  failure?: Failure
  action?: { label: string; run: () => void }
}

interface NoticesStore {
  notices: readonly Notice[]
  tell: (notice: Omit<Notice, 'id'>) => void
  dismiss: (id: number) => void
}

let last = 0

/** Short messages in the corner. The truth about a job stays in Activity: these may be missed. */
export const useNotices = create<NoticesStore>((set) => ({
  notices: [],
  tell: (notice) => {
    last += 1
    const id = last
    set((state) => ({ notices: [...state.notices, { ...notice, id }].slice(-4) }))
  },
  dismiss: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
}))
