import { useTranslation } from 'react-i18next'
import { Page } from '../../parts/page.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'

/** The data of a restored copy, as its sandbox holds it. */
export function Browse({ sandboxId }: { sandboxId: string }) {
  const { t } = useTranslation()
  return (
    <Page title={t('browse.title')} under={sandboxId}>
      <Panel>
        <Waiting text={t('state.loading')} />
      </Panel>
    </Page>
  )
}
