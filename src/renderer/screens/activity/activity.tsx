import { useTranslation } from 'react-i18next'
import { isOver } from '#shared/job.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useJobs } from '../../stores/jobs.ts'
import { useView } from '../../stores/view.ts'
import { PastJob } from './past-job.tsx'
import { RunningJob } from './running-job.tsx'
import { Sandboxes } from './sandboxes.tsx'

/** Every job: what, when, how long, how it ended; those that run on top. */
export function Activity({ openJob }: { openJob: string | null }) {
  const { t } = useTranslation()
  const jobs = useJobs((state) => state.jobs)
  const failure = useJobs((state) => state.failure)
  const refresh = useJobs((state) => state.refresh)
  const go = useView((state) => state.go)
  const running = (jobs ?? []).filter((job) => !isOver(job.state))
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
      <Sandboxes />
      {past.length > 0 && (
        <Panel flush title={t('activity.past')}>
          <ul>
            {past.map((job) => (
              <PastJob key={job.id} job={job} open={job.id === openJob} />
            ))}
          </ul>
        </Panel>
      )}
    </Page>
  )
}
