import { create } from 'zustand'
import type { Failure } from '#shared/failure.ts'
import type { Job } from '#shared/job.ts'

export interface Notice {
  id: number
  kind: 'done' | 'plain' | 'failure'
  title: string
  /** the database that it is about */
  subject?: { server: string; label: string }
  text?: string
  failure?: Failure
  /** what failed worked on these */
  about?: Pick<Job, 'serverId' | 'databaseId' | 'copyIds'>
  action?: { label: string; run: () => void }
}

interface NoticesStore {
  notices: readonly Notice[]
  tell: (notice: Omit<Notice, 'id'>) => void
  dismiss: (id: number) => void
}

const most = 4

/** Whether it goes by itself after a while. What failed or needs care stays until it is put away. */
export const passes = ({ kind }: Pick<Notice, 'kind'>): boolean => kind === 'done' || kind === 'plain'

/** No more than the corner holds: those that pass make room first, but for the newest of them. */
function withoutOldest(notices: readonly Notice[]): readonly Notice[] {
  const staying = notices.filter((notice) => !passes(notice)).slice(-most)
  const passing = notices.filter(passes).slice(-Math.max(1, most - staying.length))
  return notices.filter((notice) => staying.includes(notice) || passing.includes(notice))
}

let last = 0

/** Short messages in the corner. The truth about a job stays in Activity: these may be missed. */
export const useNotices = create<NoticesStore>((set) => ({
  notices: [],
  tell: (notice) => {
    last += 1
    const id = last
    set((state) => ({ notices: withoutOldest([...state.notices, { ...notice, id }]) }))
  },
  dismiss: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
}))
