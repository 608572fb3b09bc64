import { printable } from '#shared/name.ts'
import { call } from '../bridge.ts'
import { useNotices } from '../stores/notices.ts'
import { perform, words } from './perform.ts'

export function rebuildCatalogue(): void {
  const t = words()
  void perform(t('action.rebuildCatalogue'), async () => {
    const { copies, problems } = await call('catalogue.rebuild', {})
    const title = t('notice.rebuilt', { count: copies })
    const shown = problems.slice(0, 5).map(printable)
    if (problems.length > 5) shown.push(t('overview.moreCare', { count: problems.length - 5 }))
    const text = shown.join('\n')
    // what could not be read stays on the screen until somebody has seen it
    useNotices.getState().tell(problems.length > 0 ? { kind: 'failure', title, text } : { kind: 'plain', title })
  })
}
