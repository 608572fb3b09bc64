import { randomBytes } from 'node:crypto'
import { isAbort, LifeboatFailure, redact, toFailure } from '#shared/failure.ts'
import { isOver, type Job, type JobKind, type LogLine } from '#shared/job.ts'
import type { Outcome } from '#shared/proof.ts'
import { jobReporter, type Reporter } from './report.ts'

export type JobTools = { jobId: string; signal: AbortSignal; report: Reporter }
export type JobResult = { outcome?: Outcome | null }
export type NewJob = {
  kind: JobKind
  /** what it works on, for a person */
  subject: string
  serverId?: string | null
  databaseId?: string | null
  /** copies that it works on, where they are known before it runs */
  copyIds?: string[]
  /** jobs with the same key run one after the other */
  key: string
  /** a second wish for it, while one is queued or runs, is the same wish: who presses twice gets one */
  once?: boolean
}

/** Where rows of jobs are kept; the catalogue's table fits. */
export type JobShelf = {
  insert(job: Job): void
  update(job: Job): void
  get(id: string): Job | undefined
  appendLog(id: string, line: LogLine): void
  lastTook(kind: JobKind, subject: string): number | null
}

export type Jobs = {
  /** Queues the work and returns its row at once; of a job that is wanted once, the row of the one that is under way. */
  start(job: NewJob, work: (tools: JobTools) => Promise<JobResult>): Job
  /** Asks a job of this engine to end. False when it does not run here. */
  cancel(id: string): boolean
  running(): Job[]
  /** Resolves with the job's row when it is over. */
  ended(id: string): Promise<Job>
  /** Cancels everything and waits until it has ended. */
  stop(): Promise<void>
}

type Options = {
  shelf: JobShelf
  now: () => Date
  onJob: (job: Job) => void
  atOnce?: number
  /** milliseconds until an end that the shelf refused is written again */
  writeAgainMs?: number
}
type Entry = {
  job: Job
  key: string
  abort: AbortController
  work: (tools: JobTools) => Promise<JobResult>
  ended: PromiseWithResolvers<Job>
}

/**
 * Runs jobs: several at once, those with the same key in order.
 * A job always ends as exactly one of done, failed or cancelled, and its row says so before anybody is told.
 */
export function createJobs({ shelf, now, onJob, atOnce = 3, writeAgainMs = 5000 }: Options): Jobs {
  const entries = new Map<string, Entry>()
  const waiting: Entry[] = []
  const busyKeys = new Set<string>()
  const unwritten = new Map<string, Job>()
  let stopping = false

  /** Other processes wait for rows that say `running`: what could not be written is written as soon as it can be. */
  const writeEnds = (): void => {
    for (const [id, job] of unwritten) {
      try {
        shelf.update(job)
        unwritten.delete(id)
      } catch {
        if (!stopping) setTimeout(writeEnds, writeAgainMs).unref()
        return
      }
    }
  }

  const settle = (entry: Entry, change: Partial<Job>): void => {
    entry.job = { ...entry.job, ...change, endedAt: now().toISOString() }
    try {
      shelf.update(entry.job)
    } catch (error) {
      // the row still says `running`: should we die now, the next start calls it interrupted, and nobody may be told more
      if (entry.job.state === 'done')
        entry.job = { ...entry.job, state: 'failed', outcome: null, failure: toFailure(error) }
      unwritten.set(entry.job.id, entry.job)
      setTimeout(writeEnds, writeAgainMs).unref()
    }
    entries.delete(entry.job.id)
    entry.ended.resolve(entry.job)
    onJob(entry.job)
  }

  const run = async (entry: Entry): Promise<void> => {
    const { id } = entry.job
    const log = (text: string): void =>
      unlessRefused(() => shelf.appendLog(id, { at: now().toISOString(), text: redact(text) }))
    const keep = (job: Job): void => unlessRefused(() => shelf.update(job))
    const report = jobReporter(
      () => entry.job,
      (job) => (entry.job = job),
      { keep, show: onJob, log },
      () => performance.now(),
    )
    entry.job = { ...entry.job, state: 'running', startedAt: now().toISOString() }
    keep(entry.job)
    onJob(entry.job)
    settle(entry, await endOf(entry, { jobId: id, signal: entry.abort.signal, report }, log))
  }

  const next = (): void => {
    // a copy: entries leave the line while it is walked
    for (const entry of waiting.slice()) {
      if (busyKeys.size >= atOnce) return
      if (busyKeys.has(entry.key)) continue
      waiting.splice(waiting.indexOf(entry), 1)
      busyKeys.add(entry.key)
      void run(entry).finally(() => {
        busyKeys.delete(entry.key)
        next()
      })
    }
  }

  const cancel = (id: string): boolean => {
    const entry = entries.get(id)
    if (!entry) return false
    entry.abort.abort()
    const queued = waiting.indexOf(entry)
    if (queued >= 0) {
      waiting.splice(queued, 1)
      settle(entry, { state: 'cancelled' })
    }
    return true
  }

  return {
    start(wanted, work) {
      if (stopping) throw new LifeboatFailure('engine-stopped', 'Lifeboat is closing; no new work is begun.')
      const same =
        wanted.once && [...entries.values()].find(({ job, abort }) => !abort.signal.aborted && isSame(job, wanted))
      if (same) return same.job
      const job = queuedJob(wanted, now(), shelf.lastTook(wanted.kind, wanted.subject))
      shelf.insert(job)
      const entry: Entry = { job, key: wanted.key, abort: new AbortController(), work, ended: Promise.withResolvers() }
      entries.set(job.id, entry)
      waiting.push(entry)
      onJob(job)
      // the caller learns the id before the first event about the running job
      queueMicrotask(next)
      return job
    },
    cancel,
    running: () => [...entries.values()].map((entry) => entry.job),
    async ended(id) {
      const entry = entries.get(id)
      if (entry) return entry.ended.promise
      const job = shelf.get(id)
      if (!job || !isOver(job.state)) throw new LifeboatFailure('not-found', 'There is no such job here.')
      return job
    },
    async stop() {
      stopping = true
      const open = [...entries.values()]
      for (const entry of open) cancel(entry.job.id)
      await Promise.all(open.map((entry) => entry.ended.promise))
      writeEnds()
      unwritten.clear()
    },
  }
}

function isSame({ kind, serverId, databaseId }: Job, wanted: NewJob): boolean {
  return kind === wanted.kind && serverId === (wanted.serverId ?? null) && databaseId === (wanted.databaseId ?? null)
}

/** Does the work. Never rejects: a job ends in exactly one way. */
async function endOf(entry: Entry, tools: JobTools, log: (text: string) => void): Promise<Partial<Job>> {
  try {
    tools.signal.throwIfAborted()
    const result = await entry.work(tools)
    return { state: 'done', outcome: result.outcome ?? null }
  } catch (error) {
    const failure = toFailure(error)
    log(`${failure.message}${failure.detail ? ` (${failure.detail})` : ''}`)
    const cancelled = tools.signal.aborted && (isAbort(error) || wasCancelled(error))
    return cancelled ? { state: 'cancelled' } : { state: 'failed', failure }
  }
}

/**
 * Progress that the catalogue does not take right now, for whatever reason, is no reason to give up a backup: its end is
 * written as well.
 */
function unlessRefused(write: () => void): void {
  try {
    write()
  } catch {
    // the end of the job says what must not be lost
  }
}

function wasCancelled(error: unknown): boolean {
  return error instanceof LifeboatFailure && error.kind === 'cancelled'
}

function queuedJob(wanted: NewJob, now: Date, lastTook: number | null): Job {
  return {
    id: randomBytes(6).toString('hex'),
    kind: wanted.kind,
    state: 'queued',
    subject: wanted.subject,
    serverId: wanted.serverId ?? null,
    databaseId: wanted.databaseId ?? null,
    copyIds: wanted.copyIds ?? [],
    step: 'queued',
    stepDetail: null,
    bytesDone: 0,
    bytesTotal: null,
    rows: 0,
    startedAt: now.toISOString(),
    endedAt: null,
    lastTook,
    failure: null,
    outcome: null,
  }
}
