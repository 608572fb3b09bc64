import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UseFormReturn } from 'react-hook-form'
import type { Server } from '#shared/server.ts'
import { call } from '../../bridge.ts'
import { perform } from '../../actions/perform.ts'
import { testServer } from '../../actions/servers.ts'
import { Button } from '../../parts/button.tsx'
import { Page, Trail } from '../../parts/page.tsx'
import { Empty, Panel } from '../../parts/panel.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useServers, useSshHosts } from '../../stores/servers.ts'
import { useTests } from '../../stores/tests.ts'
import { useView } from '../../stores/view.ts'
import { Checks } from '../server/checks.tsx'
import { FoundDatabases } from '../server/found-databases.tsx'
import { ServerFields, useServerForm } from './server-fields.tsx'
import { emptyServerForm, serverOf, type ServerForm } from './server-form.ts'
import { SshHosts, type SshHost } from './ssh-hosts.tsx'

/** Three steps on one page: where it is, does it work, which databases. Nothing is lost on the way back. */
export function AddServer() {
  const { t } = useTranslation()
  const [server, setServer] = useState<Server | null>(null)
  // once it is saved, it is in the list itself
  const own = server?.name ?? null
  const form = useServerForm(emptyServerForm, own)
  const [editing, setEditing] = useState(true)

  const save = form.handleSubmit(async (values) => {
    await perform(t('action.addServer'), async () => {
      const saved = server
        ? await call('server.update', { id: server.id, server: serverOf(values) })
        : await call('server.add', serverOf(values))
      setServer(saved)
      setEditing(false)
      await useServers.getState().refresh()
      testServer(saved.id)
    })
  })

  return (
    <Page
      title={t('addServer.title')}
      under={t('addServer.under')}
      trail={<Trail to="servers">{t('nav.servers')}</Trail>}
    >
      {editing || !server ? (
        <Where form={form} own={own} onSave={(event) => void save(event)} />
      ) : (
        <Tested server={server} onEdit={() => setEditing(true)} />
      )}
    </Page>
  )
}

interface WhereProps {
  form: UseFormReturn<ServerForm>
  own: string | null
  onSave: (event: React.FormEvent) => void
}

function Where({ form, own, onSave }: WhereProps) {
  const { t } = useTranslation()
  const { setValue, watch, formState } = form
  const hosts = useSshHosts((state) => (state.value?.length ? state.value : null))
  useEffect(() => void useSshHosts.getState().refresh(), [])
  function take(host: SshHost): void {
    setValue('configHost', host.alias)
    setValue('name', host.alias)
    setValue('host', host.host)
    setValue('port', String(host.port))
    setValue('user', host.user)
    form.clearErrors()
  }
  return (
    <div className="@container">
      <div className={`grid items-start gap-4 ${hosts ? '@[720px]:grid-cols-[260px_minmax(0,1fr)]' : 'max-w-180'}`}>
        {hosts && (
          <Panel title={t('addServer.config')}>
            <SshHosts hosts={hosts} chosen={watch('configHost')} onChoose={take} />
          </Panel>
        )}
        <Panel title={t('addServer.type')}>
          <form onSubmit={onSave} noValidate>
            <ServerFields form={form} own={own} />
            <div className="mt-5 flex items-center gap-3">
              <Button variant="primary" type="submit" busy={formState.isSubmitting}>
                {t('addServer.test')}
              </Button>
              <p className="text-sm text-ink-3">{t('addServer.testText')}</p>
            </div>
          </form>
        </Panel>
      </div>
    </div>
  )
}

function Tested({ server, onEdit }: { server: Server; onEdit: () => void }) {
  const { t } = useTranslation()
  const test = useTests((state) => state.tests[server.id] ?? null)
  const go = useView((state) => state.go)
  const added = useDatabases((state) => (state.value ?? []).filter((database) => database.server === server.id).length)
  useEffect(() => void useTests.getState().read(server.id), [server.id])
  const over = test !== null && !test.running
  return (
    <>
      <Panel flush title={t('test.title')} aside={<StepActions server={server} over={over} onEdit={onEdit} />}>
        {test && <Checks test={test} />}
      </Panel>
      {over && (
        <Panel flush title={t('addServer.databases')}>
          {test.found.length > 0 ? (
            <FoundDatabases serverId={server.id} found={test.found} />
          ) : (
            <Empty title={t('addServer.noneFound')}>{t('addServer.noneFoundText')}</Empty>
          )}
        </Panel>
      )}
      {over && (
        <div className="flex justify-end gap-2">
          <Button onClick={() => go({ screen: 'server', id: server.id })}>{t('addServer.showServer')}</Button>
          {added > 0 && (
            <Button
              variant={added < test.found.length ? 'plain' : 'primary'}
              onClick={() => go({ screen: 'overview' })}
            >
              {t('addServer.done')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}

function StepActions({ server, over, onEdit }: { server: Server; over: boolean; onEdit: () => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <>
      <Button small onClick={onEdit}>
        {t('addServer.change')}
      </Button>
      <Button small busy={!over} onClick={() => testServer(server.id)}>
        {t('action.testAgain')}
      </Button>
    </>
  )
}
