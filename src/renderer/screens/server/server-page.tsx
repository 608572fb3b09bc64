import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Server } from '#shared/server.ts'
import { removeDemo, removeServer, testServer } from '../../actions/servers.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Name } from '../../parts/label.tsx'
import { Page, Trail } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useDialog } from '../../stores/dialog.ts'
import { useServers } from '../../stores/servers.ts'
import { useTests } from '../../stores/tests.ts'
import { addressOf } from '../servers/server-row.tsx'
import { Backups } from './backups.tsx'
import { Databases } from './databases.tsx'
import { Pins } from './pins.tsx'
import { ConnectionPanel } from './connection-panel.tsx'

/** A server: its databases, the backups its cron made, what the connection test saw, the host keys that are trusted. */
export function ServerPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const server = useServers((state) => state.value?.find((known) => known.id === id) ?? null)
  const loaded = useServers((state) => state.value !== null)
  const failure = useServers((state) => state.failure)
  useEffect(() => void useTests.getState().read(id), [id])
  if (server) return <Known server={server} />
  return (
    <Page title={t('server.one')} trail={<Trail to="servers">{t('nav.servers')}</Trail>}>
      {failure ? (
        <FailureNote failure={failure} retry={() => void useServers.getState().refresh()} />
      ) : (
        <Panel>{loaded ? <Empty title={t('server.gone')} /> : <Waiting text={t('state.loading')} />}</Panel>
      )}
    </Page>
  )
}

function Known({ server }: { server: Server }) {
  const { t } = useTranslation()
  const databases = useDatabases(
    useShallow((state) => (state.value ?? []).filter((database) => database.server === server.id)),
  )
  return (
    <Page
      title={<Name text={server.name} className="block" />}
      under={<Name text={addressOf(server)} className="block font-mono text-sm" />}
      trail={<Trail to="servers">{t('nav.servers')}</Trail>}
      actions={<ServerActions server={server} />}
    >
      <Databases server={server} databases={databases} />
      <Backups server={server} databases={databases} />
      <ConnectionPanel serverId={server.id} />
      <Pins serverId={server.id} />
    </Page>
  )
}

function ServerActions({ server }: { server: Server }) {
  const { t } = useTranslation()
  const running = useTests((state) => state.tests[server.id]?.running ?? false)
  const show = useDialog((state) => state.show)
  return (
    <>
      <Button busy={running} onClick={() => testServer(server.id)}>
        {t('action.testConnection')}
      </Button>
      {!server.demo && (
        <Button onClick={() => show({ kind: 'server', serverId: server.id })}>{t('action.edit')}</Button>
      )}
      <Button variant="danger" onClick={() => (server.demo ? removeDemo() : removeServer(server.id))}>
        {t('action.remove')}
      </Button>
    </>
  )
}
