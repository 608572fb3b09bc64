import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from '#shared/job.ts'
import { isAlive, type Owner } from '#engine/disk/owner.ts'

type Turn = {
  /** jobs of every process that were begun before this one and are not over */
  before: () => { job: Job; owner: Owner }[]
  /** whether a job has to be over first */
  first: (job: Job) => boolean
  signal: AbortSignal
}

const lookEveryMs = 200

/**
 * Waits until the jobs that come first are over, those of other processes too: within one process the key of a job sees
 * to that. Jobs whose process has died are not waited for.
 */
export async function awaitTurn({ before, first, signal }: Turn): Promise<void> {
  while (before().some(({ job, owner }) => first(job) && isAlive(owner))) {
    await pause(lookEveryMs, undefined, { signal })
  }
}
