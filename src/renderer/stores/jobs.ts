import { create } from 'zustand'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver, type Job, type JobKind } from '#shared/job.ts'
import { call } from '../bridge.ts'

interface Sample {
  /** milliseconds on a clock that never jumps */
  at: number
  bytes: number
}

interface JobsStore {
  /** newest first; null before the first answer */
  jobs: readonly Job[] | null
  samples: Readonly<Record<string, readonly Sample[]>>
  failure: Failure | null
  /** one that was asked for and that the list did not hold */
  older: { id: string; job: Job | null; failure: Failure | null } | null
  refresh: () => Promise<void>
  /** Brings a job that is older than the list; `not-found` when it is no longer kept. */
  bring: (id: string) => Promise<void>
  /** One row as an event tells it. */
  take: (job: Job, at: number) => void
}

const rateWindow = 4_000
const mostKept = 400
/** The latest, and as many again of those that are next. */
const asked = 200

export const useJobs = create<JobsStore>((set, get) => ({
  jobs: null,
  samples: {},
  failure: null,
  older: null,
  refresh: async () => {
    try {
      set({ jobs: await call('job.list', { limit: asked }), failure: null })
    } catch (error) {
      set({ failure: toFailure(error) })
    }
  },
  bring: async (id) => {
    set({ older: { id, job: null, failure: null } })
    const answer = await call('job.show', { id }).then(
      (job) => ({ job, failure: null }),
      (error: unknown) => ({ job: null, failure: toFailure(error) }),
    )
    if (get().older?.id === id) set({ older: { id, ...answer } })
  },
  take: (job, at) =>
    set((state) => ({ jobs: withJob(state.jobs ?? [], job), samples: withSample(state.samples, job, at) })),
}))

export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const index = jobs.findIndex((other) => other.id === job.id)
  if (index < 0) return withoutOldest([job, ...jobs], job)
  // An event that was overtaken must not wake a job that is over.
  const known = jobs[index]
  if (known && isOver(known.state) && !isOver(job.state)) return jobs
  return withoutOldest(jobs.with(index, job), job)
}

/**
 * A bounded past, else a window that stays open for weeks grows with every job. What waits or runs does not count, and
 * `news`, which may have run longer than all that came after it, is not what goes.
 */
function withoutOldest(jobs: readonly Job[], news: Job): readonly Job[] {
  if (jobs.length <= mostKept || jobs.filter(({ state }) => isOver(state)).length <= mostKept) return jobs
  const oldest = jobs.findLastIndex(({ id, state }) => isOver(state) && id !== news.id)
  return jobs.toSpliced(oldest, 1)
}

function withSample(samples: JobsStore['samples'], job: Job, at: number): JobsStore['samples'] {
  const { [job.id]: before = [], ...others } = samples
  if (isOver(job.state)) return others
  const sameStep = before.length === 0 || (before.at(-1)?.bytes ?? 0) <= job.bytesDone
  const kept = sameStep ? before.filter((sample) => at - sample.at <= rateWindow) : []
  return { ...others, [job.id]: [...kept, { at, bytes: job.bytesDone }] }
}

/** Bytes a second over the last few seconds; null until there is something to measure. */
export function rateOf(samples: readonly Sample[] | undefined): number | null {
  const first = samples?.[0]
  const last = samples?.at(-1)
  if (!first || !last || last.at - first.at < 500 || last.bytes === first.bytes) return null
  return ((last.bytes - first.bytes) * 1000) / (last.at - first.at)
}

export const runningOf = (jobs: readonly Job[] | null): Job[] => (jobs ?? []).filter((job) => !isOver(job.state))

/** More may wait than the list holds: a reading gives only those that are next, and the latest. */
export const moreMayWait = (waiting: readonly Job[]): boolean => waiting.length >= asked

/** The job of this kind that runs or waits for a database or a copy: while there is one, its button starts no second. */
export function underWay(
  jobs: readonly Job[] | null,
  kind: JobKind,
  of: { databaseId: string } | { copyId: string },
): Job | undefined {
  return runningOf(jobs).find(
    (job) => job.kind === kind && ('copyId' in of ? job.copyIds.includes(of.copyId) : job.databaseId === of.databaseId),
  )
}
