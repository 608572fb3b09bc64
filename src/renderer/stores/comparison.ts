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
  /**
   * With `jobId`: beside what this job counts, or has counted, at the source. The same copy again is beside what it was
   * left beside, unless that is gone meanwhile.
   */
  open: (copyId: string, jobId: string | null) => Promise<void>
  choose: (other: string | null) => Promise<void>
  /** Counts at the server, now. */
  count: () => Promise<void>
  /** Takes the result of the count, once it is over; one that the engine no longer has is to be counted again. */
  take: (jobId: string) => Promise<void>
}

const nothing = { jobId: null, result: null, loading: false, failure: null }

/** A copy beside another one, or beside the database it came from. */
export const useComparison = create<ComparisonStore>((set, get) => {
  let opens = 0
  /** Answers that come after somebody has gone on to something else are of no interest. */
  const forThis = async (work: () => Promise<Partial<ComparisonStore>>): Promise<void> => {
    const { copy, other, jobId } = get()
    const still = (): boolean => {
      const now = get()
      return now.copy?.id === copy?.id && now.other === other && now.jobId === jobId
    }
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
      opens += 1
      const mine = opens
      const left = get()
      const again = left.copy?.id === copyId && (jobId === null || jobId === left.jobId)
      set(again ? { failure: null } : { copy: null, others: null, other: null, ...nothing })
      try {
        const read = await readWithOthers(copyId)
        if (mine !== opens) return
        set(read)
      } catch (error) {
        if (mine === opens) set({ failure: toFailure(error), loading: false })
        return
      }
      if (jobId !== null) return set({ other: 'source', jobId })
      const next = toChoose(get())
      if (next !== get().other || isUnread(get())) await get().choose(next)
    },
    choose: async (other) => {
      const { copy } = get()
      const isCopy = other !== null && other !== 'source'
      set({ other, ...nothing, loading: isCopy })
      if (!isCopy || !copy) return
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

async function readWithOthers(copyId: string): Promise<Pick<ComparisonStore, 'copy' | 'others'>> {
  const copy = await call('copy.show', { id: copyId })
  const { copies } = await call('copy.list', { server: copy.server, label: copy.label, limit: 500 })
  return { copy, others: copies.filter(({ id }) => id !== copy.id) }
}

/** What it stands beside already, as long as that is there; else the copy before it. */
function toChoose({ copy, others, other }: ComparisonStore): string | null {
  if (other === 'source' || others?.some(({ id }) => id === other)) return other
  const before = others?.find(({ takenAt }) => copy !== null && takenAt <= copy.takenAt) ?? others?.[0]
  return before?.id ?? null
}

/** Beside a copy, and neither compared with it nor about to be: it failed. */
const isUnread = ({ other, result, loading }: ComparisonStore): boolean =>
  other !== null && other !== 'source' && result === null && !loading
