import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import { Bar } from '../../frame/now-running.tsx'
import { CancelButton } from '../../parts/cancel-button.tsx'
import { Page } from '../../parts/page.tsx'
import { rateOf } from '../../stores/jobs.ts'
import { tallyOf, type Live } from '../../stores/live-verification.ts'
import { useFormat, type Format } from '../../words/format.ts'
import { useElapsed } from '../activity/elapsed.ts'
import { JobLog } from '../activity/job-log.tsx'
import { engineWords } from './engine-words.ts'
import { LiveTables } from './live-tables.tsx'
import { Steps } from './steps.tsx'
import { Title, VerificationTrail } from './title.tsx'

interface RunningProps {
  job: Job
  copy: CopyRow | null
  /** null: it waits for its turn */
  live: Live | null
}

/** A verification under way: its steps, and every table as it comes back. */
export function Running({ job, copy, live }: RunningProps) {
  const { t } = useTranslation()
  return (
    <Page
      wideTitle
      trail={<VerificationTrail />}
      title={<Title running job={job} copy={copy} />}
      under={<UnderTitle job={job} live={live} />}
      actions={live === null && <CancelButton small job={job} />}
    >
      <Steps
        steps={live?.steps ?? []}
        running={live?.step ?? null}
        figures={live && <Figures live={live} />}
        action={<CancelButton small job={job} />}
      />
      {live && live.tables.length > 0 && <LiveTables live={live} />}
      {live === null && <p className="text-ink-2">{t(`job.step.${job.step}`)}</p>}
      <JobLog job={job} />
    </Page>
  )
}

function UnderTitle({ job, live }: { job: Job; live: Live | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const elapsed = useElapsed(job.startedAt)
  const facts = [
    ...(live?.engine ? [engineWords(live.engine, t)] : []),
    ...(job.state === 'queued' ? [] : [format.duration(elapsed)]),
    ...(job.lastTook === null ? [] : [t('job.lastTook', { span: format.duration(job.lastTook) })]),
  ]
  return <p>{facts.join(' · ')}</p>
}

/** Rows, bytes and rate of the running step; a bar only where its end is known. */
function Figures({ live }: { live: Live }) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = figuresOf(live, t, format)
  const end = endOf(live)
  return (
    <>
      {words.length > 0 && <span>{t('sentence.colon') + words.join(' · ')}</span>}
      {end && <Bar done={end.done} total={end.total} />}
    </>
  )
}

function endOf({ step, rows, rowsTotal, bytes, bytesTotal }: Live): { done: number; total: number } | null {
  if (step !== 'read' && step !== 'load') return null
  if (step === 'load' && rowsTotal !== null && rowsTotal > 0) return { done: rows, total: rowsTotal }
  return bytesTotal !== null && bytesTotal > 0 ? { done: bytes, total: bytesTotal } : null
}

function figuresOf(live: Live, t: TFunction, format: Format): string[] {
  const { step, rows, rowsTotal, bytes, bytesTotal } = live
  const rate = rateOf(live.samples)
  if (step === 'prove') {
    const { compared, tables } = tallyOf(live)
    return tables > 0 ? [t('verify.comparedOf', { done: format.number(compared), count: tables })] : []
  }
  if (step === 'sandbox' || step === 'schema' || step === 'keys') return []
  return [
    ...(step === 'load' && rowsTotal !== null
      ? [t('verify.rowsOf', { done: format.number(rows), total: format.number(rowsTotal), count: rowsTotal })]
      : []),
    // Rows tell more; the file itself is read long before its last row is in.
    ...(bytes > 0 && (step === 'read' || rowsTotal === null)
      ? [
          bytesTotal === null
            ? format.bytes(bytes)
            : t('job.bytesOf', { done: format.bytes(bytes), total: format.bytes(bytesTotal) }),
        ]
      : []),
    ...(rate === null ? [] : [format.rate(rate)]),
  ]
}
