import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import type { Words } from '../words.ts'

export interface Notice {
  title: string
  body: string
}

const longest = 240

/**
 * What the desktop shows when a job has ended; null where there is nothing to tell: the operator's own cancel,
 * and the short work that is only of interest in the window.
 */
export function noticeOf(job: Job, words: Words['notice']): Notice | null {
  if (job.kind === 'test' || job.kind === 'rebuild') return null
  const subject = printable(job.subject)
  switch (job.state) {
    case 'done':
      return job.outcome === 'damaged'
        ? { title: words.damaged(subject), body: words.seeWhere }
        : { title: words.done(job.kind, subject), body: job.outcome === 'proven' ? words.proven : words.notChecked }
    case 'failed':
      return { title: words.failed(job.kind, subject), body: shortened(job.failure?.message ?? '') }
    case 'interrupted':
      return { title: words.interrupted(job.kind, subject), body: job.copyIds.length === 0 ? words.nothingKept : '' }
    case 'cancelled':
    case 'queued':
    case 'running':
      return null
  }
}

function shortened(text: string): string {
  const line = printable(text)
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
