import type { Job } from '#shared/job.ts'

/** The database that a job works on, when it works on one. */
export function subjectOf(
  job: Pick<Job, 'subject' | 'databaseId' | 'copyIds'>,
): { server: string; label: string } | null {
  const slash = job.subject.indexOf('/')
  // Neither a server's name nor a label holds a slash; a path on this computer is never of a database.
  if (slash < 1 || (job.databaseId === null && job.copyIds.length === 0)) return null
  return { server: job.subject.slice(0, slash), label: job.subject.slice(slash + 1) }
}
