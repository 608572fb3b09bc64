import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '#shared/job.ts'
import { CancelButton } from '../../parts/cancel-button.tsx'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { JobSubject } from '../../parts/job-subject.tsx'
import { Panel } from '../../parts/panel.tsx'
import { moreMayWait } from '../../stores/jobs.ts'

/** What waits for its turn, next one first: "verify everything" makes thousands of them. */
export function WaitingJobs({ jobs }: { jobs: readonly Job[] }) {
  const { t } = useTranslation()
  const columns = useMemo(
    (): Column<Job>[] => [
      {
        id: 'kind',
        header: t('activity.work'),
        track: 'minmax(96px,160px)',
        cell: ({ kind }) => t(`job.kind.${kind}`),
      },
      {
        id: 'subject',
        header: t('activity.of'),
        track: 'minmax(0,1fr)',
        cell: (job) => (
          <span className="flex min-w-0">
            <JobSubject job={job} />
          </span>
        ),
      },
      {
        id: 'cancel',
        header: <span className="sr-only">{t('action.cancel')}</span>,
        track: 'max-content',
        right: true,
        cell: (job) => <CancelButton key={job.id} small job={job} />,
      },
    ],
    [t],
  )
  const rowAt = useCallback((index: number) => jobs.at(-1 - index), [jobs])
  if (jobs.length === 0) return null
  const title = t(moreMayWait(jobs) ? 'activity.waitingAtLeast' : 'activity.waiting', { count: jobs.length })
  return (
    <Panel flush title={title}>
      <DataGrid label={title} columns={columns} count={jobs.length} rowAt={rowAt} rowHeight={40} maxHeight={276} />
    </Panel>
  )
}
