import { useTranslation } from 'react-i18next'
import { JobSubject } from '../parts/job-subject.tsx'
import { SandboxTime } from '../screens/activity/sandbox-time.tsx'
import { useSandboxes } from '../stores/sandboxes.ts'
import { useView } from '../stores/view.ts'

/** A sandbox that is kept for browsing, seen from every screen: it takes memory until it ends. */
export function OpenSandbox() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const sandbox = useSandboxes((state) => state.value?.find((each) => each.state === 'open'))
  if (!sandbox) return null
  const { copyId, subject } = sandbox
  return (
    <button
      type="button"
      onClick={() => go({ screen: 'activity' })}
      className="flex w-full flex-col rounded-control border border-dashed px-2.5 py-1.5 text-left text-xs text-ink-2 hover:border-rail"
    >
      <span className="flex w-full min-w-0 items-center gap-1.5">
        <span className="shrink-0">{t('sandbox.one')}</span>
        <JobSubject job={{ subject, databaseId: null, copyIds: copyId === null ? [] : [copyId] }} />
      </span>
      <SandboxTime sandbox={sandbox} />
    </button>
  )
}
