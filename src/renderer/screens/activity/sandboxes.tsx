import { useTranslation } from 'react-i18next'
import type { SandboxRow } from '#shared/sandbox.ts'
import { showVerification, stopSandbox } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { JobSubject } from '../../parts/job-subject.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useSandboxes } from '../../stores/sandboxes.ts'
import { useView } from '../../stores/view.ts'
import { engineWords } from '../verification/engine-words.ts'
import { SandboxTime } from './sandbox-time.tsx'

/** The throw-away databases that stand right now, each with its end. */
export function Sandboxes() {
  const { t } = useTranslation()
  const sandboxes = useSandboxes((state) => state.value)
  if (!sandboxes || sandboxes.length === 0) return null
  return (
    <Panel flush title={t('sandbox.running', { count: sandboxes.length })}>
      <ul aria-label={t('sandbox.many')}>
        {sandboxes.map((sandbox) => (
          <Row key={sandbox.id} sandbox={sandbox} />
        ))}
      </ul>
    </Panel>
  )
}

function Row({ sandbox }: { sandbox: SandboxRow }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const { copyId, subject } = sandbox
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-4.5 py-2 first:border-t-0">
      <OutcomeMark outcome={sandbox.state === 'busy' ? 'running' : 'note'} />
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 font-semibold">
          <JobSubject job={{ subject, databaseId: null, copyIds: copyId === null ? [] : [copyId] }} />
        </p>
        <p className="text-sm text-ink-2">
          {engineWords(sandbox.engine, t)} · <SandboxTime sandbox={sandbox} />
        </p>
      </div>
      {sandbox.state === 'open' && (
        <Button small onClick={() => go({ screen: 'browse', sandboxId: sandbox.id })}>
          {t('action.browseData')}
        </Button>
      )}
      <Button small variant="quiet" onClick={() => showVerification(sandbox.jobId)}>
        {t('action.showVerification')}
      </Button>
      <Button small onClick={() => stopSandbox(sandbox.id)}>
        {t('action.stop')}
      </Button>
    </li>
  )
}
