import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { LabelTag } from '../../parts/label.tsx'
import { Trail } from '../../parts/page.tsx'
import { useFormat } from '../../words/format.ts'
import { Sentence } from '../../words/sentence.tsx'
import { subjectOf } from '../../words/subject.ts'
import { fileName } from '../copy/copy-page.tsx'

export function VerificationTrail() {
  const { t } = useTranslation()
  return (
    <span className="flex items-center gap-1.5">
      <Trail to="activity">{t('nav.activity')}</Trail>
      <span aria-hidden>›</span>
      <span className="text-ink-1">{t('verify.one')}</span>
    </span>
  )
}

interface TitleProps {
  job: Job
  copy: CopyRow | null
  running: boolean
}

/** "Restoring agentcard prod of 23 Nov, 03:00", and without the restoring once it is over. */
export function Title({ job, copy, running }: TitleProps) {
  const format = useFormat()
  const subject = <VerifiedSubject job={job} />
  if (copy === null) return running ? <Sentence k="verify.restoring" values={{ subject }} /> : subject
  const when = <span className="whitespace-nowrap">{format.dateTime(copy.takenAt)}</span>
  return <Sentence k={running ? 'verify.restoringOf' : 'verify.subjectOf'} values={{ subject, when }} />
}

function VerifiedSubject({ job }: { job: Job }) {
  const subject = subjectOf(job)
  if (!subject) return <bdi className="break-all">{printable(fileName(job.subject))}</bdi>
  return (
    <>
      <bdi className="break-words">{printable(subject.server)}</bdi>{' '}
      <span className="inline-flex align-[3px]">
        <LabelTag label={subject.label} />
      </span>
    </>
  )
}
