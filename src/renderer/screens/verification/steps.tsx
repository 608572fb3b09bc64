import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { verifySteps, type VerifyStep } from '#shared/verification.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat } from '../../words/format.ts'

interface StepsProps {
  /** seconds of each step that was reached */
  steps: readonly { step: VerifyStep; seconds: number }[]
  /** the step that runs; null: it is over, or has not begun */
  running: VerifyStep | null
  /** what the running step is at */
  figures?: ReactNode
  action?: ReactNode
}

/** The steps of a verification: done with what they took, the running one with its figures, the others in grey. */
export function Steps({ steps, running, figures, action }: StepsProps) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('verify.steps')} className="rounded-panel border bg-panel">
      {verifySteps.map((step) => (
        <li key={step} className="flex min-h-10 items-center gap-3 border-t px-3.5 py-1 first:border-t-0">
          {step === running ? (
            <Running step={step} figures={figures} action={action} />
          ) : (
            <Reached step={step} seconds={steps.find((each) => each.step === step)?.seconds ?? null} />
          )}
        </li>
      ))}
    </ol>
  )
}

function Running({ step, figures, action }: { step: VerifyStep; figures: ReactNode; action: ReactNode }) {
  const { t } = useTranslation()
  return (
    <>
      <OutcomeMark outcome="running" size={14} />
      <div className="min-w-0 flex-1">
        <b className="font-semibold">{t(`job.step.${step}`)}</b>
        {figures}
      </div>
      {action}
    </>
  )
}

function Reached({ step, seconds }: { step: VerifyStep; seconds: number | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (seconds === null) {
    return (
      <>
        <OutcomeMark outcome="not-checked" size={14} />
        <span className="text-ink-3">{t(`job.step.${step}`)}</span>
      </>
    )
  }
  return (
    <>
      <OutcomeMark outcome="done" size={14} />
      <span className="min-w-0 flex-1">{t(`verify.done.${step}`)}</span>
      <span className="text-sm text-ink-3">{format.duration(seconds)}</span>
    </>
  )
}
