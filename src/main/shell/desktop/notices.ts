import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import type { Prompt } from '#shared/prompt.ts'
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
        ? { title: isFileCheck(job) ? words.fileDamaged(subject) : words.damaged(subject), body: words.seeWhere }
        : { title: words.done(job.kind, subject), body: doneBody(job, words) }
    case 'failed':
      return { title: words.failed(job.kind, subject), body: shortened(job.failure?.message ?? '') }
    case 'interrupted':
      return { title: words.interrupted(job.kind, subject), body: interruptedBody(job, words) }
    case 'cancelled':
    case 'queued':
    case 'running':
      return null
  }
}

/** What the desktop shows when a job waits for an answer that only the operator can give, and nobody looks at the window. */
export function questionNotice(prompt: Prompt, words: Words['notice']): Notice {
  const what = prompt.kind === 'host-key' ? words.asks.hostKey : words.asks[prompt.what]
  return { title: words.waits, body: shortened(what(printable(prompt.server))) }
}

/** What was proven, in the words of the work that proved it; of work that proves nothing, what it came to. */
function doneBody({ kind, outcome }: Job, words: Words['notice']): string {
  switch (kind) {
    case 'backup':
    case 'check':
      return outcome === 'proven' ? words.proven : words.notChecked
    case 'pull':
      return outcome === null ? words.nothingNew : outcome === 'proven' ? words.proven : words.notChecked
    case 'verify':
      return outcome === 'proven' ? words.restored : words.notChecked
    case 'seal':
      return words.sealed
    case 'put':
      return words.written
    case 'compare':
    case 'drift':
    case 'test':
    case 'rebuild':
      return words.seeResult
  }
}

function interruptedBody({ kind, copyIds }: Job, words: Words['notice']): string {
  if (kind === 'put') return words.perhapsWritten
  return (kind === 'backup' || kind === 'pull') && copyIds.length === 0 ? words.nothingKept : ''
}

/** A check of a file that is none of the copies. */
function isFileCheck({ kind, copyIds }: Job): boolean {
  return (kind === 'check' || kind === 'verify') && copyIds.length === 0
}

function shortened(text: string): string {
  const line = printable(text)
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}
