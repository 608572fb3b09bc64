import { useEffect, useRef, useState } from 'react'
import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { backUpNow, checkCopy } from '../../actions/jobs.ts'
import { testServer } from '../../actions/servers.ts'
import { showVerification, verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { JobSubject } from '../../parts/job-subject.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Moment } from '../../parts/time.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'
import { FileReport } from './file-report.tsx'
import { JobLog } from './job-log.tsx'

export function PastJob({ job, open }: { job: Job; open: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [shown, setShown] = useState(open)
  const place = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (open) place.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const took = job.endedAt ? (new Date(job.endedAt).getTime() - new Date(job.startedAt).getTime()) / 1000 : null
  return (
    <Collapsible.Root
      open={shown}
      onOpenChange={setShown}
      render={<li ref={place} className="border-t first:border-t-0" />}
    >
      <Collapsible.Trigger className="group flex w-full items-center gap-3 px-4.5 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2">
        <OutcomeMark outcome={markOf(job)} />
        <span className="flex min-w-0 flex-1 items-center gap-2">
          <span className="shrink-0 font-semibold">{t(`job.kind.${job.kind}`)}</span>
          <JobSubject job={job} />
        </span>
        <span
          className={`w-24 shrink-0 truncate text-sm min-[1000px]:w-36 ${job.state === 'failed' || job.outcome === 'damaged' ? 'text-damaged' : 'text-ink-2'}`}
        >
          {endWords(job, t)}
        </span>
        <span className="w-28 shrink-0 text-right text-sm text-ink-2 min-[1000px]:w-40">
          <Moment iso={job.startedAt} />
        </span>
        <span className="hidden w-24 shrink-0 truncate text-right text-sm text-ink-3 min-[1000px]:block">
          {took === null ? '' : format.duration(took)}
        </span>
        <ChevronRight
          size={15}
          aria-hidden
          className="text-ink-3 transition-transform duration-100 group-data-[panel-open]:rotate-90"
        />
      </Collapsible.Trigger>
      <Collapsible.Panel className="flex flex-col gap-3 px-4.5 pt-1 pb-4 pl-11.5">
        <Story job={job} />
      </Collapsible.Panel>
    </Collapsible.Root>
  )
}

function Story({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const go = useView((state) => state.go)
  const retry = useRetry(job)
  const copyId = job.copyIds.at(-1)
  const figures = [
    ...(job.bytesDone > 0 ? [format.bytes(job.bytesDone)] : []),
    ...(job.rows > 0 ? [t('evidence.rows', { count: job.rows, rows: format.number(job.rows) })] : []),
    ...(job.stepDetail ? [printable(job.stepDetail)] : []),
  ]
  return (
    <>
      {figures.length > 0 && <p className="text-ink-2">{figures.join(' · ')}</p>}
      {job.failure && job.state === 'failed' && (
        <FailureNote failure={job.failure} about={job} {...(retry ? { retry } : {})} />
      )}
      {job.state === 'interrupted' && (
        <p className="text-ink-2">{t(job.kind === 'put' ? 'job.interruptedPut' : 'job.interruptedText')}</p>
      )}
      {job.kind === 'check' && !copyId && job.state === 'done' && <FileReport jobId={job.id} />}
      {(copyId ?? job.kind === 'verify') && (
        <div className="flex flex-wrap gap-2">
          {job.kind === 'verify' && (
            <Button small onClick={() => showVerification(job.id)}>
              {t('action.showVerification')}
            </Button>
          )}
          {job.kind === 'compare' && copyId && (
            <Button small onClick={() => go({ screen: 'compare', copyId, jobId: job.id })}>
              {t('action.showComparison')}
            </Button>
          )}
          {copyId && (
            <Button small onClick={() => go({ screen: 'copy', id: copyId })}>
              {t('action.showCopy')}
            </Button>
          )}
        </div>
      )}
      <JobLog job={job} />
    </>
  )
}

/** The same again, for the kinds where that needs no further question. */
function useRetry(job: Job): (() => void) | null {
  const database = useDatabases((state) => state.value?.find(({ id }) => id === job.databaseId))
  const { copyIds, serverId } = job
  if (job.kind === 'backup' && database) return () => backUpNow(database)
  if (job.kind === 'test' && serverId !== null) return () => testServer(serverId)
  const copyId = copyIds[0]
  if (job.kind === 'verify' && copyId) return () => void verifyAndWatch({ kind: 'copy', id: copyId })
  if (job.kind === 'check' && copyId) return () => checkCopy({ id: copyId })
  return null
}

function markOf(job: Job): 'proven' | 'failed' | 'not-checked' | 'damaged' | 'done' | 'ended' {
  if (job.state === 'failed') return 'failed'
  if (job.state !== 'done') return 'ended'
  // What proved nothing was only done: its tick is grey.
  return job.outcome ?? 'done'
}

function endWords(job: Job, t: TFunction): string {
  if (job.state === 'done' && job.outcome !== null) return t(`outcome.${job.outcome}`)
  return t(`job.state.${job.state}`)
}
