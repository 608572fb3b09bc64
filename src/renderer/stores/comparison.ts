import { create } from 'zustand'
import type { CopyRow } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver } from '#shared/job.ts'
import type { Comparison } from '#shared/verification.ts'
import { call } from '../bridge.ts'

interface ComparisonStore {
  copy: CopyRow | null
  /** copies of the same database, newest first, without the one that is compared; null before the first answer */
  others: readonly CopyRow[] | null
  /** what it is compared with: `source`, the database at its server, or another copy by its id */
  other: string | null
  /** counts at the source */
  jobId: string | null
  result: Comparison | null
  loading: boolean
  failure: Failure | null
  /** With `jobId`: beside what this job counts, or has counted, at the source. The same copy again is as it was left. */
  open: (copyId: string, jobId: string | null) => Promise<void>
  choose: (other: string) => Promise<void>
  /** Counts at the server, now. */
  count: () => Promise<void>
  /** Takes the result of the count, once it is over; one that the engine no longer has is to be counted again. */
  take: (jobId: string) => Promise<void>
}

const nothing = { jobId: null, result: null, loading: false, failure: null }

/** A copy beside another one, or beside the database it came from. */
export const useComparison = create<ComparisonStore>((set, get) => {
  /** Answers that come after somebody has gone on to something else are of no interest. */
  const forThis = async (work: () => Promise<Partial<ComparisonStore>>): Promise<void> => {
    const { copy, other } = get()
    const still = (): boolean => get().copy === copy && get().other === other
    try {
      const answer = await work()
      if (still()) set(answer)
    } catch (error) {
      if (still()) set({ failure: toFailure(error), loading: false })
    }
  }
  return {
    copy: null,
    others: null,
    other: null,
    ...nothing,
    open: async (copyId, jobId) => {
      const open = get()
      if (open.copy?.id === copyId && (jobId === null || jobId === open.jobId)) return
      set({ copy: null, others: null, other: null, ...nothing })
      await forThis(async () => {
        const copy = await call('copy.show', { id: copyId })
        const { copies } = await call('copy.list', { server: copy.server, label: copy.label, limit: 500 })
        return { copy, others: copies.filter(({ id }) => id !== copy.id) }
      })
      const { copy, others } = get()
      if (copy && jobId !== null) return set({ other: 'source', jobId })
      const before = others?.find(({ takenAt }) => copy !== null && takenAt <= copy.takenAt) ?? others?.[0]
      if (copy && before) await get().choose(before.id)
    },
    choose: async (other) => {
      const { copy } = get()
      set({ other, ...nothing, loading: other !== 'source' })
      if (other === 'source' || !copy) return
      await forThis(async () => ({
        result: await call('compare.copies', { left: copy.id, right: other }),
        loading: false,
      }))
    },
    count: async () => {
      const { copy } = get()
      if (!copy) return
      set({ ...nothing, loading: true })
      await forThis(async () => ({ jobId: (await call('compare.source', { copyId: copy.id })).jobId }))
    },
    take: async (jobId) => {
      await forThis(async () => {
        const result = await call('compare.result', { jobId })
        if (result !== null) return { result, loading: false }
        return isOver((await call('job.show', { id: jobId })).state) ? nothing : {}
      })
    },
  }
})
