import { useEffect } from 'react'
import { on } from '../bridge.ts'
import { words } from '../actions/perform.ts'
import type { Job } from '#shared/job.ts'
import { showVerification } from '../actions/verify.ts'
import { printable } from '#shared/name.ts'
import { subjectOf } from '../words/subject.ts'
import { useNotices, type Notice } from '../stores/notices.ts'
import { useView } from '../stores/view.ts'

/** Tells how a job ended, once, wherever the operator is. Connection tests are told by their own page. */
export function useJobNotices(): void {
  useEffect(() => {
    const told = new Set<string>()
    return on('job', (job) => {
      if (job.endedAt === null || told.has(job.id) || job.kind === 'test') return
      told.add(job.id)
      if (isWatched(job)) return
      const notice = noticeOf(job)
      const subject = subjectOf(job)
      if (notice) useNotices.getState().tell({ ...notice, ...(subject ? { subject } : {}) })
    })
  }, [])
}

const ofTheVault: ReadonlySet<Job['kind']> = new Set(['seal', 'drift', 'put'])

/** Whoever watches a verification, or a comparison of a seal, sees how it ends. */
function isWatched(job: Job): boolean {
  const { view } = useView.getState()
  if (view.screen === 'sealed') {
    const subject = subjectOf(job)
    return job.kind === 'drift' && subject?.server === view.server && subject.label === view.label
  }
  return view.screen === 'verification' && view.jobId === job.id
}

/** Null: how it ended is no news. */
export function noticeOf(job: Job): Omit<Notice, 'id'> | null {
  const t = words()
  const subject = subjectOf(job)
  const title = t(`job.kind.${job.kind}`) + (subject ? '' : t('sentence.colon') + printable(job.subject))
  switch (job.state) {
    case 'failed':
      return job.failure
        ? { kind: 'failure', title, failure: job.failure, about: job }
        : { kind: 'plain', title, text: t('job.state.failed') }
    case 'done':
      // Only what was proven gets the tick.
      return { kind: job.outcome === 'proven' ? 'done' : 'plain', title, text: endText(job), action: nextStep(job) }
    case 'interrupted':
      return { kind: 'plain', title, text: t('job.state.interrupted') }
    default:
      return null
  }
}

/** Where to see what came of it. */
function nextStep(job: Job): NonNullable<Notice['action']> {
  const t = words()
  const { go } = useView.getState()
  const subject = subjectOf(job)
  const copyId = job.copyIds.at(-1)
  if (job.kind === 'verify') return { label: t('action.showVerification'), run: () => showVerification(job.id) }
  if (job.kind === 'compare' && copyId)
    return { label: t('action.showComparison'), run: () => go({ screen: 'compare', copyId, jobId: job.id }) }
  if (ofTheVault.has(job.kind) && subject)
    return { label: t('vault.show'), run: () => go({ screen: 'sealed', ...subject }) }
  if (copyId) return { label: t('action.showCopy'), run: () => go({ screen: 'copy', id: copyId }) }
  return { label: t('action.showActivity'), run: () => go({ screen: 'activity', jobId: job.id }) }
}

function endText(job: Job): string {
  const t = words()
  // of a file nothing was stored, and there is no copy to see
  if (job.kind === 'check' && job.copyIds.length === 0 && job.outcome !== null) return t(`file.outcome.${job.outcome}`)
  if (job.kind === 'verify' && job.outcome !== null) return t(`notice.verified-${job.outcome}`)
  if (job.outcome === 'damaged') return t('notice.endedDamaged')
  if (job.outcome === 'not-checked') return t('notice.endedNotChecked')
  if (job.outcome === 'proven') return t('notice.endedProven')
  return t('job.state.done')
}
