import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { JobSubject } from '../parts/job-subject.tsx'
import { rateOf, runningOf, useJobs } from '../stores/jobs.ts'
import { useView } from '../stores/view.ts'
import { useFormat } from '../words/format.ts'

/** The job that runs, seen from every screen. */
export function NowRunning() {
  const { t } = useTranslation()
  const format = useFormat()
  const go = useView((state) => state.go)
  const [job, samples] = useJobs(
    useShallow((state) => {
      const first = runningOf(state.jobs).at(-1)
      return [first, first && state.samples[first.id]] as const
    }),
  )
  if (!job) return null
  const rate = rateOf(samples)
  return (
    <button
      type="button"
      onClick={() =>
        go(job.kind === 'verify' ? { screen: 'verification', jobId: job.id } : { screen: 'activity', jobId: job.id })
      }
      className="flex w-full flex-col gap-1 rounded-control border bg-panel px-2.5 py-2 text-left hover:border-rail"
    >
      <span className="flex w-full min-w-0 text-sm font-semibold">
        <JobSubject job={job} />
      </span>
      <span className="text-xs text-ink-2">{t(`job.kind.${job.kind}`)}</span>
      <span className="text-xs text-ink-2">
        {job.bytesDone > 0 ? format.bytes(job.bytesDone) : t(`job.step.${job.step}`)}
        {rate !== null && ` · ${format.rate(rate)}`}
      </span>
      {job.bytesTotal !== null && job.bytesTotal > 0 && <Bar done={job.bytesDone} total={job.bytesTotal} />}
    </button>
  )
}

/** Only where the end is known. */
export function Bar({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation()
  const percent = Math.min(100, Math.round((100 * done) / total))
  return (
    <span
      role="progressbar"
      aria-label={t('job.progress')}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="mt-0.5 block h-1 w-full overflow-hidden rounded-full bg-proof-0"
    >
      <span className="block h-full rounded-full bg-proof-3" style={{ width: `${percent}%` }} />
    </span>
  )
}
