import type { Job, JobStep } from '#shared/job.ts'

/** What a piece of long work says while it goes on. */
export type Reporter = {
  step(step: JobStep, detail?: string | null): void
  /** `total` null where the end is not known */
  bytes(done: number, total: number | null): void
  rows(rows: number): void
  /** a copy is complete; it stays in the job's row even when a later one fails */
  copy(id: string): void
  /** one line of the job's log; foreign text is welcome, secrets are not */
  log(text: string): void
}

type Sink = {
  /** every change that must not be lost */
  keep(job: Job): void
  /** byte progress, already throttled */
  show(job: Job): void
  log(text: string): void
}

const showEveryMs = 100
const keepEveryMs = 1000

/**
 * Turns progress into changes of the job's row: steps at once, bytes at most ten times a second to those who watch
 * and once a second to the disk, because each write there is an fsync.
 */
export function jobReporter(read: () => Job, write: (job: Job) => void, sink: Sink, clock: () => number): Reporter {
  let shownAt = 0
  let keptAt = 0
  const progress = (change: Partial<Job>): void => {
    const job = { ...read(), ...change }
    write(job)
    const now = clock()
    if (now - keptAt >= keepEveryMs) {
      keptAt = now
      sink.keep(job)
    }
    if (now - shownAt >= showEveryMs) {
      shownAt = now
      sink.show(job)
    }
  }
  return {
    step(step, detail = null) {
      const before = read()
      if (before.step === step && before.stepDetail === detail) return
      const job = { ...before, step, stepDetail: detail }
      write(job)
      sink.keep(job)
      sink.show(job)
    },
    bytes: (bytesDone, bytesTotal) => progress({ bytesDone, bytesTotal }),
    rows: (rows) => progress({ rows }),
    copy(id) {
      const job = { ...read(), copyIds: [...read().copyIds, id] }
      write(job)
      sink.keep(job)
      sink.show(job)
    },
    log: (text) => sink.log(text),
  }
}
