import { useTranslation } from 'react-i18next'
import { Page } from '../../parts/page.tsx'
import { Panel, Waiting } from '../../parts/panel.tsx'

/** A copy beside another one, or beside the database it came from. */
export function Compare({ copyId }: { copyId: string }) {
  const { t } = useTranslation()
  return (
    <Page title={t('compare.title')} under={copyId}>
      <Panel>
        <Waiting text={t('state.loading')} />
      </Panel>
    </Page>
  )
}
