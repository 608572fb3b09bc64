import { z } from 'zod'
import { isOver, type Job } from '#shared/job.ts'
import type { RemotePostgres } from '#engine/postgres/remote.ts'
import { dumpNamePrefix as prefix } from '#engine/postgres/dump-command.ts'

/**
 * Ends the dumps that jobs of this computer have left on a server: a process that was killed could not do it itself.
 * Dumps of other computers, and those whose job still runs, are left alone.
 * @returns how many were found
 */
export async function endLeftovers(
  remote: RemotePostgres,
  jobOf: (id: string) => Job | undefined,
  signal: AbortSignal,
): Promise<number> {
  const sql = `select distinct application_name as name from pg_catalog.pg_stat_activity
    where application_name like '${prefix}%' and pid <> pg_backend_pid()`
  const found = await remote.rows(sql, z.object({ name: z.string() }), signal)
  const left = found.filter(({ name }) => {
    const job = jobOf(name.slice(prefix.length))
    return job !== undefined && isOver(job.state)
  })
  for (const { name } of left) await remote.endDump(name, signal)
  return left.length
}
