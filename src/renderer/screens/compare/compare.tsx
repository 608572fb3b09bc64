import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isOver } from '#shared/job.ts'
import { Button } from '../../parts/button.tsx'
import { CancelButton } from '../../parts/cancel-button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { CopyTrail, Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { Select, type Choice } from '../../parts/select.tsx'
import { useComparison } from '../../stores/comparison.ts'
import { useDatabases } from '../../stores/databases.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useFormat } from '../../words/format.ts'
import { ComparisonTable } from './comparison-table.tsx'

/** A copy beside another one, or beside the database it came from, table by table. */
export function Compare({ copyId, jobId }: { copyId: string; jobId: string | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { copy, failure, open } = useComparison()
  useEffect(() => void open(copyId, jobId), [copyId, jobId, open])
  return (
    <Page
      fixed
      title={t('compare.title')}
      trail={
        <span className="flex items-center gap-2">
          <CopyTrail id={copyId} />
          {copy && (
            <>
              <Name text={copy.server} className="text-ink-1" />
              <LabelTag label={copy.label} />
            </>
          )}
        </span>
      }
      under={copy && t('compare.under', { when: format.dateTime(copy.takenAt) })}
      actions={copy && <ChooseOther />}
    >
      {copy ? (
        <Beside />
      ) : failure ? (
        <FailureNote failure={failure} retry={() => void open(copyId, jobId)} />
      ) : (
        <Loading />
      )}
    </Page>
  )
}

function Loading() {
  const { t } = useTranslation()
  return (
    <Panel>
      <Waiting text={t('state.loading')} />
    </Panel>
  )
}

const source = 'source'
/** No id of a copy is empty. */
const none = ''

function ChooseOther() {
  const { t } = useTranslation()
  const format = useFormat()
  const { copy, others, other, choose } = useComparison()
  const database = useDatabase()
  const choices: Choice<string>[] = [
    ...(other === null ? [{ value: none, label: t('compare.choose') }] : []),
    ...(database ? [{ value: source, label: t('compare.source') }] : []),
    ...(others ?? []).map(({ id, takenAt, bytes }) => ({
      value: id,
      label: `${t('compare.copyOf', { when: format.dateTime(takenAt) })} · ${format.bytes(bytes)}`,
    })),
  ]
  if (!copy) return null
  return (
    <Select
      silent
      label={t('compare.with')}
      choices={choices}
      value={other ?? none}
      onChange={(next) => next !== none && void choose(next)}
      className="w-72"
    />
  )
}

/** The database that the copy is of, when it is still in the list. */
function useDatabase() {
  const { copy } = useComparison()
  return useDatabases((state) =>
    state.value?.find(({ serverName, label }) => serverName === copy?.server && label === copy.label),
  )
}

function Beside() {
  const { t } = useTranslation()
  const { other, result, loading, failure, jobId, count, choose } = useComparison()
  const database = useDatabase()
  if (failure) {
    return (
      <FailureNote
        failure={failure}
        retry={() => (other === null || other === source ? void count() : void choose(other))}
      />
    )
  }
  if (result) return <ComparisonTable comparison={result} />
  if (jobId !== null) return <Counting jobId={jobId} />
  if (loading) return <Loading />
  if (other === null) {
    return (
      <Panel>
        <Empty
          title={t('compare.noOther')}
          actions={database && <Button onClick={() => void choose(source)}>{t('compare.source')}</Button>}
        >
          {t('compare.noOtherText')}
        </Empty>
      </Panel>
    )
  }
  return (
    <Panel>
      <Empty
        title={t('compare.countTitle')}
        actions={
          <Button variant="primary" onClick={() => void count()}>
            {t('compare.count')}
          </Button>
        }
      >
        {t('compare.countText')}
      </Empty>
    </Panel>
  )
}

/** The job that counts at the server; its result is taken when it is over. */
function Counting({ jobId }: { jobId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { take, count } = useComparison()
  const job = useJobs((state) => state.jobs?.find(({ id }) => id === jobId))
  const state = job?.state ?? 'queued'
  // one that the list does not hold may have been over for long
  const worthAsking = job === undefined || state === 'done'
  useEffect(() => {
    if (worthAsking) void take(jobId)
  }, [worthAsking, jobId, take])
  if (job?.failure) return <FailureNote failure={job.failure} about={job} retry={() => void count()} />
  const ended = isOver(state) && state !== 'done'
  return (
    <Panel>
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1" role="status">
          <p className="font-semibold">{ended ? t(`job.state.${state}`) : t('compare.counting')}</p>
          {job && job.rows > 0 && (
            <p className="text-ink-2">{t('evidence.rows', { count: job.rows, rows: format.number(job.rows) })}</p>
          )}
        </div>
        {ended ? <Button onClick={() => void count()}>{t('compare.count')}</Button> : job && <CancelButton job={job} />}
      </div>
      {!ended && (
        <div className="mt-4">
          <Waiting text={t('compare.counting')} />
        </div>
      )}
    </Panel>
  )
}
