import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import { isOver, type Job } from '#shared/job.ts'
import { verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useJobs } from '../../stores/jobs.ts'
import { useVerification } from '../../stores/verification.ts'
import { JobLog } from '../activity/job-log.tsx'
import { Result } from './result.tsx'
import { Running } from './running.tsx'
import { Steps } from './steps.tsx'
import { Title, VerificationTrail } from './title.tsx'

/** A restore under way, or what came out of it. */
export function VerificationScreen({ jobId }: { jobId: string }) {
  const { t } = useTranslation()
  const opened = useVerification((state) => state.jobId === jobId)
  const listed = useJobs((state) => state.jobs?.find(({ id }) => id === jobId))
  const job = useVerification((state) => state.job) ?? listed
  const { copy, live, result, known, failure, refresh } = useVerification()
  useEffect(() => void useVerification.getState().open(jobId), [jobId])
  if (!opened || !known || !job) {
    return (
      <Page title={t('verify.one')} trail={<VerificationTrail />}>
        {opened && failure ? (
          <FailureNote failure={failure} retry={() => void refresh()} />
        ) : (
          <Panel>
            <Waiting text={t('state.loading')} />
          </Panel>
        )}
      </Page>
    )
  }
  if (!isOver(job.state)) return <Running job={job} copy={copy} live={live} />
  if (result) return <Result job={job} copy={copy} verification={result} />
  return <Ended job={job} copy={copy} />
}

/** It came to an end before anything could be said about the copy. */
function Ended({ job, copy }: { job: Job; copy: CopyRow | null }) {
  const { t } = useTranslation()
  const live = useVerification((state) => state.live)
  const failure = useVerification((state) => state.failure)
  const again = againOf(job)
  return (
    <Page wideTitle trail={<VerificationTrail />} title={<Title running={false} job={job} copy={copy} />}>
      {failure ? (
        // What came out may well be there: it only could not be asked for.
        <FailureNote failure={failure} retry={() => void useVerification.getState().refresh()} />
      ) : job.failure && job.state === 'failed' ? (
        <>
          <FailureNote failure={job.failure} about={job} {...(again ? { retry: again } : {})} />
          <p className="text-ink-2">{t('verify.endedText.failed')}</p>
        </>
      ) : (
        <EndedWords job={job} again={again} />
      )}
      {live && live.steps.length > 0 && <Steps steps={live.steps} running={null} />}
      <JobLog job={job} />
    </Page>
  )
}

function EndedWords({ job, again }: { job: Job; again: (() => void) | null }) {
  const { t } = useTranslation()
  const state = job.state === 'cancelled' || job.state === 'interrupted' ? job.state : 'gone'
  return (
    <Panel>
      <Empty
        title={t(`verify.ended.${state}`)}
        actions={
          again && (
            <Button variant="primary" onClick={again}>
              {t('action.verifyAgain')}
            </Button>
          )
        }
      >
        {t(`verify.endedText.${state}`)}
      </Empty>
    </Panel>
  )
}

function againOf(job: Job): (() => void) | null {
  const id = job.copyIds[0]
  return id === undefined ? null : () => void verifyAndWatch({ kind: 'copy', id })
}
