import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Failure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useJobs } from '../../stores/jobs.ts'
import { useView } from '../../stores/view.ts'
import { PastJob } from './past-job.tsx'
import { RunningJob } from './running-job.tsx'
import { Sandboxes } from './sandboxes.tsx'
import { WaitingJobs } from './waiting-jobs.tsx'

/** Every job: what, when, how long, how it ended; those that run on top. */
export function Activity({ openJob }: { openJob: string | null }) {
  const { t } = useTranslation()
  const { jobs, older } = useWithOlder(openJob)
  const failure = useJobs((state) => state.failure)
  const refresh = useJobs((state) => state.refresh)
  const go = useView((state) => state.go)
  const running = (jobs ?? []).filter((job) => job.state === 'running')
  const waiting = useMemo(() => (jobs ?? []).filter((job) => job.state === 'queued'), [jobs])
  const past = (jobs ?? []).filter((job) => isOver(job.state))
  return (
    <Page title={t('nav.activity')} under={t('activity.under')}>
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {!jobs && !failure && (
        <Panel>
          <Waiting text={t('state.loading')} />
        </Panel>
      )}
      {jobs?.length === 0 && (
        <Panel>
          <Empty
            title={t('activity.empty')}
            actions={
              <Button variant="primary" onClick={() => go({ screen: 'overview' })}>
                {t('copies.emptyAction')}
              </Button>
            }
          >
            {t('activity.emptyText')}
          </Empty>
        </Panel>
      )}
      {running.map((job) => (
        <RunningJob key={job.id} job={job} />
      ))}
      <WaitingJobs jobs={waiting} />
      <Sandboxes />
      {openJob !== null && older?.failure && <NotBrought id={openJob} failure={older.failure} />}
      {past.length > 0 && <PastJobs jobs={past} openJob={openJob} />}
    </Page>
  )
}

/** The list, with the job that is to be seen where it is older than all of them. */
function useWithOlder(openJob: string | null) {
  const jobs = useJobs((state) => state.jobs)
  const older = useJobs((state) => (state.older?.id === openJob ? state.older : null))
  const missing = openJob !== null && jobs !== null && !jobs.some(({ id }) => id === openJob)
  useEffect(() => {
    if (missing) void useJobs.getState().bring(openJob)
  }, [missing, openJob])
  const job = missing ? (older?.job ?? null) : null
  const all = useMemo(() => (jobs && job ? [...jobs, job] : jobs), [jobs, job])
  return { jobs: all, older: missing ? older : null }
}

function NotBrought({ id, failure }: { id: string; failure: Failure }) {
  const { t } = useTranslation()
  if (failure.kind !== 'not-found') {
    return <FailureNote failure={failure} retry={() => void useJobs.getState().bring(id)} />
  }
  return (
    <Panel>
      <Empty title={t('activity.gone')}>{t('activity.goneText')}</Empty>
    </Panel>
  )
}

const shownAtFirst = 100

/** Newest first. A long past is drawn only as far as somebody wants to see it. */
function PastJobs({ jobs, openJob }: { jobs: readonly Job[]; openJob: string | null }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState(shownAtFirst)
  const shown = Math.max(wanted, jobs.findIndex(({ id }) => id === openJob) + 1)
  return (
    <Panel flush title={t('activity.past')}>
      <ul>
        {jobs.slice(0, shown).map((job) => (
          <PastJob key={job.id} job={job} open={job.id === openJob} />
        ))}
      </ul>
      {jobs.length > shown && (
        <div className="flex justify-center border-t py-2">
          <Button small variant="quiet" onClick={() => setWanted(shown + shownAtFirst)}>
            {t('activity.more', { count: jobs.length - shown })}
          </Button>
        </div>
      )}
    </Panel>
  )
}
