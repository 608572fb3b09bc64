import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Copy } from '#shared/copy.ts'
import { showVerification, verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { useDialog } from '../../stores/dialog.ts'
import { underWay, useJobs } from '../../stores/jobs.ts'

/** Verify it as the settings say, or choose the engine first; while that runs, the way to it. */
export function VerifyButton({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const show = useDialog((state) => state.show)
  const running = useJobs((state) => underWay(state.jobs, 'verify', { copyId: copy.id }))
  if (running) {
    return (
      <Button variant="primary" onClick={() => showVerification(running.id)}>
        {t('action.watchVerification')}
      </Button>
    )
  }
  return (
    <span className="inline-flex">
      <Button
        variant="primary"
        className="rounded-r-none"
        onClick={() => void verifyAndWatch({ kind: 'copy', id: copy.id })}
      >
        {t(copy.verification ? 'action.verifyAgain' : 'action.verify')}
      </Button>
      <Button
        variant="primary"
        className="rounded-l-none border-l border-l-panel px-2"
        aria-label={t('verify.choose')}
        title={t('verify.choose')}
        aria-haspopup="dialog"
        onClick={() => show({ kind: 'verify', copy })}
      >
        <ChevronDown size={14} aria-hidden />
      </Button>
    </span>
  )
}
