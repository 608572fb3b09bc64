import { useTranslation } from 'react-i18next'
import type { Failure } from '#shared/failure.ts'
import { useView } from '../stores/view.ts'
import { restartEngine } from '../stores/follow.ts'
import { openLogs } from './desktop.ts'
import { perform } from './perform.ts'
import { rebuildCatalogue } from './catalogue.ts'

/** The button that leads out of a failure, where there is more to do than to try again. */
export function useWayOut(failure: Failure): { label: string; run: () => void } | null {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  switch (failure.kind) {
    case 'disk-full':
    case 'folder-refused':
      return { label: t('action.chooseCopiesFolder'), run: () => go({ screen: 'settings' }) }
    case 'host-key-changed':
    case 'host-key-unknown':
      return { label: t('action.showServers'), run: () => go({ screen: 'servers' }) }
    case 'engine-stopped':
      return { label: t('action.restartEngine'), run: () => void perform(t('action.restartEngine'), restartEngine) }
    case 'catalogue-corrupt':
      return { label: t('action.rebuildCatalogue'), run: rebuildCatalogue }
    case 'sandbox-missing':
      return { label: t('action.chooseEngine'), run: () => go({ screen: 'settings' }) }
    case 'sandbox-full':
      return { label: t('action.showSandboxes'), run: () => go({ screen: 'activity' }) }
    case 'sandbox-lost':
    case 'in-use':
    case 'catalogue-busy':
      return { label: t('action.showActivity'), run: () => go({ screen: 'activity' }) }
    case 'bug':
      return { label: t('action.openLogs'), run: openLogs }
    default:
      return null
  }
}
