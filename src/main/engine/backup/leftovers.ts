import { z } from 'zod'
import { isOver, type Job } from '#shared/job.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import { jobOfName } from '#engine/postgres/dump-command.ts'

/**
 * Ends what jobs of this computer have left on a server, dumps and the transactions beside them: a process that was
 * killed could not do it itself. What belongs to other computers, or to a job that still runs, is left alone.
 * @returns how many were found
 */
export async function endLeftovers(
  remote: RemotePostgres,
  jobOf: (id: string) => Job | undefined,
  signal: AbortSignal,
): Promise<number> {
  const sql = `select distinct application_name as name from pg_catalog.pg_stat_activity
    where application_name like 'lifeboat-%' and pid <> pg_backend_pid()`
  const found = await remote.rows(sql, z.object({ name: z.string() }), signal)
  const left = found.flatMap(({ name }) => {
    const job = jobOf(jobOfName(name) ?? '')
    return job !== undefined && isOver(job.state) ? [name] : []
  })
  if (left.length > 0) await remote.endDump(left, signal)
  return left.length
}
