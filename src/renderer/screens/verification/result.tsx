import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import type { Verification } from '#shared/verification.ts'
import { verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useView } from '../../stores/view.ts'
import { JobLog } from '../activity/job-log.tsx'
import { engineWords } from './engine-words.ts'
import { EngineFacts } from './engine-facts.tsx'
import { Objects } from './objects.tsx'
import { OutcomePanel } from './outcome-panel.tsx'
import { ResultTables } from './result-tables.tsx'
import { Steps } from './steps.tsx'
import { Title, VerificationTrail } from './title.tsx'
import { judge } from './verdict.ts'
import { VerifyFindings } from './verify-findings.tsx'
import { Moment } from '../../parts/time.tsx'
import { useFormat } from '../../words/format.ts'

interface ResultProps {
  job: Job
  copy: CopyRow | null
  verification: Verification
}

/** What a verification came to: the outcome first, then what it rests on. */
export function Result({ job, copy, verification }: ResultProps) {
  const judged = useMemo(() => judge(verification.tables), [verification])
  return (
    <Page
      wideTitle
      trail={<VerificationTrail />}
      title={<Title running={false} job={job} copy={copy} />}
      under={<UnderTitle verification={verification} />}
      actions={<Actions copy={copy} verification={verification} />}
    >
      <OutcomePanel copy={copy} verification={verification} judged={judged} />
      {verification.findings.length > 0 && (
        <VerifyFindings findings={verification.findings} verification={verification} />
      )}
      <ResultTables judged={judged} />
      <div className="@container">
        <div className="grid items-start gap-4 @[760px]:grid-cols-2">
          <Objects objects={verification.objects} />
          <How verification={verification} />
        </div>
      </div>
      <JobLog job={job} />
    </Page>
  )
}

function UnderTitle({ verification }: { verification: Verification }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <p className="flex flex-wrap gap-x-2">
      <span>
        {t('verify.at')} <Moment iso={verification.at} />
      </span>
      {verification.engine && <span>{`· ${engineWords(verification.engine, t)}`}</span>}
      <span>{`· ${t('verify.took', { span: format.duration(verification.seconds) })}`}</span>
    </p>
  )
}

function Actions({ copy, verification }: Pick<ResultProps, 'copy' | 'verification'>) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const { copyId, file } = verification
  const target = copyId === null ? ({ kind: 'file', file } as const) : ({ kind: 'copy', id: copyId } as const)
  return (
    <>
      {copy && <Button onClick={() => go({ screen: 'copy', id: copy.id })}>{t('action.showCopy')}</Button>}
      {(copyId === null || copy) && (
        <Button onClick={() => void verifyAndWatch(target)}>{t('action.verifyAgain')}</Button>
      )}
    </>
  )
}

function How({ verification }: { verification: Verification }) {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <section>
        <h2 className="mb-2 text-lg font-bold">{t('verify.steps')}</h2>
        <Steps steps={verification.steps} running={null} />
      </section>
      {verification.engine && (
        <Panel>
          <EngineFacts engine={verification.engine} />
        </Panel>
      )}
    </div>
  )
}
