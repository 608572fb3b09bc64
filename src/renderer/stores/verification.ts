import { create } from 'zustand'
import type { CopyRow } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import type { LiveTable, LiveVerification, Verification } from '#shared/verification.ts'
import { call } from '../bridge.ts'
import { collect, liveFrom, merged, type Live } from './live-verification.ts'

interface VerificationStore {
  jobId: string | null
  /** the job's row as it was read last: for those that the list of jobs no longer holds */
  job: Job | null
  /** the copy that is verified; null for a file, and for a copy that is gone */
  copy: CopyRow | null
  live: Live | null
  /** what came out; null while it runs, and when it ended before anything came out */
  result: Verification | null
  /** everything was read at least once */
  known: boolean
  failure: Failure | null
  open: (jobId: string) => Promise<void>
  refresh: () => Promise<void>
  /** One event of any verification: drawn with the next frame, together with all others until then. */
  take: (event: LiveVerification) => void
  /** A job's row has changed: the end of this one brings its result. */
  follow: (job: Job) => void
}

const nothing = { job: null, copy: null, live: null, result: null, known: false, failure: null }

/** The one verification whose screen is open. */
export const useVerification = create<VerificationStore>((set, get) => {
  let waiting: { head: LiveVerification; tables: Map<string, LiveTable> } | null = null

  function draw(): void {
    const due = waiting
    waiting = null
    if (due === null || due.head.jobId !== get().jobId) return
    const at = performance.now()
    set(({ live }) => ({
      live: merged(live ?? liveFrom({ ...due.head, tables: [] }, at), due.head, due.tables.values(), at),
    }))
  }

  /** A whole state: events that came before it are older, and those that come after it change it. */
  function takeWhole(jobId: string, state: LiveVerification | null): LiveVerification | null {
    if (state !== null && jobId === get().jobId) {
      waiting = null
      set({ live: liveFrom(state, performance.now()) })
    }
    return state
  }

  return {
    jobId: null,
    ...nothing,
    open: async (jobId) => {
      if (get().jobId !== jobId) {
        waiting = null
        set({ jobId, ...nothing })
      }
      await get().refresh()
    },
    refresh: async () => {
      const { jobId } = get()
      if (jobId === null) return
      try {
        const [job, live, result] = await Promise.all([
          call('job.show', { id: jobId }),
          call('verify.live', { jobId }).then((state) => takeWhole(jobId, state)),
          call('verify.result', { jobId }),
        ])
        const copyId = result?.copyId ?? live?.copyId ?? job.copyIds[0] ?? null
        const copy = copyId === null ? null : await call('copy.show', { id: copyId }).catch(() => null)
        if (get().jobId !== jobId) return
        set({ job, copy, result, known: true, failure: null })
      } catch (error) {
        if (get().jobId === jobId) set({ known: true, failure: toFailure(error) })
      }
    },
    take: (event) => {
      if (event.jobId !== get().jobId) return
      if (waiting === null) {
        waiting = { head: event, tables: new Map() }
        requestAnimationFrame(draw)
      }
      waiting.head = event
      collect(waiting.tables, event)
    },
    follow: (job) => {
      if (job.id !== get().jobId) return
      if (!isOver(job.state)) return set({ job })
      // its end is told together with what came out, else it would look for a moment as if nothing had
      void get()
        .refresh()
        .then(() => {
          if (job.id === get().jobId) set({ job })
        })
    },
  }
})
