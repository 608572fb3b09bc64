import { useTranslation } from 'react-i18next'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { showVerification } from '../../actions/verify.ts'
import { Bar } from '../../frame/now-running.tsx'
import { Button } from '../../parts/button.tsx'
import { CancelButton } from '../../parts/cancel-button.tsx'
import { Name } from '../../parts/label.tsx'
import { JobSubject } from '../../parts/job-subject.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { rateOf, useJobs } from '../../stores/jobs.ts'
import { useElapsed } from './elapsed.ts'
import { useFormat } from '../../words/format.ts'
import { JobLog } from './job-log.tsx'

/** A job under way: its step, bytes, rate and rows; a bar only where the end is known. */
export function RunningJob({ job }: { job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const samples = useJobs((state) => state.samples[job.id])
  const elapsed = useElapsed(job.startedAt)
  const rate = rateOf(samples)
  const bytes =
    job.bytesTotal === null
      ? format.bytes(job.bytesDone)
      : t('job.bytesOf', { done: format.bytes(job.bytesDone), total: format.bytes(job.bytesTotal) })
  const figures = [
    ...(job.bytesDone > 0 ? [bytes] : []),
    ...(rate === null ? [] : [format.rate(rate)]),
    ...(job.rows > 0 ? [t('evidence.rows', { count: job.rows, rows: format.number(job.rows) })] : []),
  ]
  return (
    <section
      aria-label={`${t(`job.kind.${job.kind}`)} ${printable(job.subject)}`}
      className="rounded-panel border bg-panel px-4.5 py-3.5"
    >
      <div className="flex items-start gap-3">
        <span className="pt-1">
          <OutcomeMark outcome="running" />
        </span>
        <div className="min-w-0 flex-1">
          <p className="flex min-w-0 items-center gap-2 text-lg font-bold">
            {t(`job.kind.${job.kind}`)} <JobSubject job={job} />
          </p>
          <p className="flex min-w-0 text-ink-2">
            <span className="whitespace-pre">
              {t(`job.step.${job.step}`)}
              {job.stepDetail !== null && t('sentence.colon')}
            </span>
            {job.stepDetail !== null && <Name text={job.stepDetail} />}
          </p>
          {figures.length > 0 && <p className="mt-1 font-semibold">{figures.join(' · ')}</p>}
          {job.bytesTotal !== null && job.bytesTotal > 0 && (
            <div className="py-1.5">
              <Bar done={job.bytesDone} total={job.bytesTotal} />
            </div>
          )}
          <p className="mt-1 text-sm text-ink-3">
            {format.duration(elapsed)}
            {job.lastTook !== null && ` · ${t('job.lastTook', { span: format.duration(job.lastTook) })}`}
          </p>
        </div>
        {job.kind === 'verify' && (
          <Button variant="primary" onClick={() => showVerification(job.id)}>
            {t('action.watch')}
          </Button>
        )}
        <CancelButton job={job} />
      </div>
      <div className="mt-2 pl-7">
        <JobLog job={job} />
      </div>
    </section>
  )
}
