import { call } from '../bridge.ts'
import { useNotices } from '../stores/notices.ts'
import { perform, words } from './perform.ts'

export function rebuildCatalogue(): void {
  const t = words()
  void perform(t('action.rebuildCatalogue'), async () => {
    const { copies, problems } = await call('catalogue.rebuild', {})
    const text = problems.length > 0 ? problems.join('\n') : null
    useNotices
      .getState()
      .tell({ kind: 'done', title: t('notice.rebuilt', { count: copies }), ...(text === null ? {} : { text }) })
  })
}
