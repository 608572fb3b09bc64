import { useState } from 'react'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Server } from '#shared/server.ts'
import { startDemo } from '../../actions/servers.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useServers } from '../../stores/servers.ts'
import { useView } from '../../stores/view.ts'
import { ServerRow } from './server-row.tsx'

export function Servers() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const { value: servers, failure, refresh } = useServers()
  return (
    <Page
      title={t('nav.servers')}
      under={t('servers.under')}
      actions={
        <>
          {servers && servers.length > 0 && !servers.some((server) => server.demo) && <DemoButton />}
          <Button variant="primary" icon={<Plus size={15} aria-hidden />} onClick={() => go({ screen: 'add-server' })}>
            {t('action.addServer')}
          </Button>
        </>
      }
    >
      {failure && <FailureNote failure={failure} retry={() => void refresh()} />}
      {servers ? (
        <List servers={servers} />
      ) : (
        !failure && (
          <Panel>
            <Waiting text={t('state.loading')} />
          </Panel>
        )
      )}
    </Page>
  )
}

function List({ servers }: { servers: readonly Server[] }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  if (servers.length === 0) {
    return (
      <Panel>
        <Empty
          title={t('servers.empty')}
          actions={
            <>
              <Button variant="primary" onClick={() => go({ screen: 'add-server' })}>
                {t('action.addServer')}
              </Button>
              <DemoButton />
            </>
          }
        >
          {t('servers.emptyText')}
        </Empty>
      </Panel>
    )
  }
  return (
    <ul className="rounded-panel border bg-panel">
      {servers.map((server) => (
        <ServerRow key={server.id} server={server} />
      ))}
    </ul>
  )
}

function DemoButton() {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  return (
    <Button
      busy={busy}
      onClick={() => {
        setBusy(true)
        void startDemo().finally(() => setBusy(false))
      }}
    >
      {t('action.startDemo')}
    </Button>
  )
}
