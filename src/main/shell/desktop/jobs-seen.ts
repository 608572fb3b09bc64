import { isOver, type Job } from '#shared/job.ts'

/** How far the running jobs are together: not at all, by a fraction, or without an end that is known. */
export type Progress = { kind: 'none' } | { kind: 'fraction'; value: number } | { kind: 'unknown' }

/**
 * The jobs that are running now, as the engine's events tell it: its own, from its first moment on. Rows of the catalogue may
 * belong to another process, which keeps itself awake and of whose end no event tells.
 */
export class JobsSeen {
  readonly #running = new Map<string, Job>()

  /** Takes a job's new row in; gives it back when it has just ended, else null. */
  take(job: Job): Job | null {
    if (!isOver(job.state)) {
      this.#running.set(job.id, job)
      return null
    }
    return this.#running.delete(job.id) ? job : null
  }

  /** The engine is gone, and every job with it. */
  clear(): void {
    this.#running.clear()
  }

  get running(): readonly Job[] {
    return [...this.#running.values()]
  }
}

/** One number for the taskbar. A job whose end is not known makes the whole unknown: a made-up bar would lie. */
export function progressOf(jobs: readonly Job[]): Progress {
  if (jobs.length === 0) return { kind: 'none' }
  let done = 0
  let total = 0
  for (const job of jobs) {
    if (job.bytesTotal === null || job.bytesTotal === 0) return { kind: 'unknown' }
    done += Math.min(job.bytesDone, job.bytesTotal)
    total += job.bytesTotal
  }
  return { kind: 'fraction', value: done / total }
}
