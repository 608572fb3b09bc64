import { useTranslation } from 'react-i18next'
import type { SandboxRow } from '#shared/sandbox.ts'
import { stopSandbox } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { useView } from '../../stores/view.ts'
import { SandboxTime } from '../activity/sandbox-time.tsx'

/** The sandbox is still there to be looked into: for how long, and the way in and out. */
export function KeptSandbox({ sandbox }: { sandbox: SandboxRow }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <Button variant="primary" onClick={() => go({ screen: 'browse', sandboxId: sandbox.id })}>
        {t('action.browseData')}
      </Button>
      <Button onClick={() => stopSandbox(sandbox.id)}>{t('action.stopSandbox')}</Button>
      <span className="text-sm text-ink-2">
        <SandboxTime sandbox={sandbox} />
      </span>
    </div>
  )
}
