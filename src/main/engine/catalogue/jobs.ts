import { LifeboatFailure } from '#shared/failure.ts'
import { isOver, jobSchema, type Job, type JobKind, type LogLine } from '#shared/job.ts'
import type { Store } from './store.ts'

/** Which process runs a job: its number, and something that another process with that number would not have. */
export type JobOwner = { pid: number; startToken: string }

type JobRow = { job: string }
type OwnedRow = JobRow & { pid: number; start_token: string }

const mostJobs = 5000
const mostLines = 2000
const longestLine = 4000

export type JobsTable = ReturnType<typeof jobsTable>

export function jobsTable(store: Store) {
  const parse = ({ job }: JobRow): Job | undefined => jobSchema.safeParse(JSON.parse(job)).data
  const prune = (): void => {
    const sql = `DELETE FROM jobs WHERE seq <= (SELECT max(seq) FROM jobs) - ? AND state NOT IN ('queued', 'running')`
    store.run(sql, mostJobs)
  }
  return {
    insert(job: Job, { pid, startToken }: JobOwner): void {
      const sql = `INSERT INTO jobs (id, kind, state, subject, seconds, pid, start_token, job) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
      store.write(() => {
        store.run(sql, job.id, job.kind, job.state, job.subject, secondsOf(job), pid, startToken, JSON.stringify(job))
        prune()
      })
    },
    /** Writes the row of a job that this process runs; anew where a damaged catalogue was replaced meanwhile. */
    put(job: Job, owner: JobOwner): void {
      if (this.get(job.id)) this.update(job)
      else this.insert(job, owner)
    },
    update(job: Job): void {
      const sql = 'UPDATE jobs SET state = ?, subject = ?, seconds = ?, job = ? WHERE id = ?'
      const changed = store.run(sql, job.state, job.subject, secondsOf(job), JSON.stringify(job), job.id)
      if (changed === 0) throw new LifeboatFailure('not-found', 'There is no such job.')
    },
    get(id: string): Job | undefined {
      const row = store.get<JobRow>('SELECT job FROM jobs WHERE id = ?', id)
      return row && parse(row)
    },
    /**
     * The latest, with all that run and so many of those that are next, however long the line behind them is. Latest begun
     * first, by the order in which they were begun: clocks may jump.
     */
    list: (limit: number): Job[] =>
      store
        .all<JobRow>(
          `SELECT job FROM jobs WHERE state = 'running'
             OR seq IN (SELECT seq FROM jobs ORDER BY seq DESC LIMIT ?)
             OR seq IN (SELECT seq FROM jobs WHERE state = 'queued' ORDER BY seq LIMIT ?)
           ORDER BY seq DESC`,
          limit,
          limit,
        )
        .flatMap((row) => parse(row) ?? []),
    /** Cut to a bounded length each, and to a bounded number for a job: the latest are kept. */
    appendLog(id: string, at: string, text: string): void {
      const line = text.length > longestLine ? `${text.slice(0, longestLine)} …` : text
      store.write(() => {
        store.run('INSERT INTO job_log (job_id, at, text) SELECT id, ?, ? FROM jobs WHERE id = ?', at, line, id)
        const oldest = `SELECT seq FROM job_log WHERE job_id = ? ORDER BY seq DESC LIMIT 1 OFFSET ?`
        store.run(`DELETE FROM job_log WHERE job_id = ? AND seq <= (${oldest})`, id, id, mostLines)
      })
    },
    log: (id: string): LogLine[] =>
      store.all<{ at: string; text: string }>('SELECT at, text FROM job_log WHERE job_id = ? ORDER BY seq', id),
    /** Jobs that nobody works on any more, though their row says otherwise. */
    orphans: (isAlive: (owner: JobOwner) => boolean): Job[] =>
      store
        .all<OwnedRow>(`SELECT job, pid, start_token FROM jobs WHERE state IN ('queued', 'running') ORDER BY seq`)
        .filter((row) => !isAlive({ pid: row.pid, startToken: row.start_token }))
        .flatMap((row) => parse(row) ?? []),
    /** Jobs of living processes that are not over. */
    underWay: (isAlive: (owner: JobOwner) => boolean): Job[] =>
      store
        .all<OwnedRow>(`SELECT job, pid, start_token FROM jobs WHERE state IN ('queued', 'running') ORDER BY seq`)
        .filter((row) => isAlive({ pid: row.pid, startToken: row.start_token }))
        .flatMap((row) => parse(row) ?? []),
    /** Jobs of any process that were begun before this one and are not over. */
    unfinishedBefore: (id: string): { job: Job; owner: JobOwner }[] =>
      store
        .all<OwnedRow>(
          `SELECT job, pid, start_token FROM jobs WHERE state IN ('queued', 'running')
             AND seq < (SELECT seq FROM jobs WHERE id = ?)`,
          id,
        )
        .flatMap((row) => {
          const job = parse(row)
          return job ? [{ job, owner: { pid: row.pid, startToken: row.start_token } }] : []
        }),
    /** The last attempt of one of these kinds for a database that came to an end by itself. */
    lastAttempt(databaseId: string, kinds: readonly JobKind[]): Job | undefined {
      const sql = `SELECT job FROM jobs WHERE kind IN (${kinds.map(() => '?').join(', ')})
        AND state IN ('done', 'failed', 'interrupted') AND json_extract(job, '$.databaseId') = ? ORDER BY seq DESC LIMIT 1`
      const row = store.get<JobRow>(sql, ...kinds, databaseId)
      return row && parse(row)
    },
    /** Seconds that the last successful job of this kind on this subject took; null before the first. */
    lastTook(kind: JobKind, subject: string): number | null {
      const sql = `SELECT seconds FROM jobs WHERE kind = ? AND subject = ? AND state = 'done' ORDER BY seq DESC LIMIT 1`
      return store.get<{ seconds: number | null }>(sql, kind, subject)?.seconds ?? null
    },
  }
}

function secondsOf(job: Job): number | null {
  if (!isOver(job.state) || job.endedAt === null) return null
  // the clock may have been set back meanwhile
  return Math.max(0, (Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000)
}
