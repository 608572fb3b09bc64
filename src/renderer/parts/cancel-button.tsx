import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { cancelJob } from '../actions/jobs.ts'
import { Button } from './button.tsx'

interface CancelButtonProps {
  job: Pick<Job, 'id' | 'kind' | 'subject'>
  small?: boolean
}

/** Asks a job to end. That takes a while, so it says that it was heard; beside others it says which job is its own. */
export function CancelButton({ job, small = false }: CancelButtonProps) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  async function cancel(): Promise<void> {
    setAsked(true)
    if (!(await cancelJob(job.id))) setAsked(false)
  }
  return (
    <Button small={small} busy={asked} onClick={() => void cancel()}>
      {t(asked ? 'action.cancelling' : 'action.cancel')}
      <span className="sr-only">
        {t('sentence.colon')}
        {t(`job.kind.${job.kind}`)} {printable(job.subject)}
      </span>
    </Button>
  )
}
