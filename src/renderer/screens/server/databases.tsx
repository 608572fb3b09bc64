import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Database } from '#shared/database.ts'
import type { Server } from '#shared/server.ts'
import { backUpNow } from '../../actions/jobs.ts'
import { removeDatabase } from '../../actions/servers.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { Empty, Panel } from '../../parts/panel.tsx'
import { useDialog } from '../../stores/dialog.ts'
import { underWay, useJobs } from '../../stores/jobs.ts'
import { useTests } from '../../stores/tests.ts'
import { FoundDatabases, freshOf } from './found-databases.tsx'
import { placeWords } from './place-words.ts'

interface DatabasesProps {
  server: Server
  databases: readonly Database[]
}

export function Databases({ server, databases }: DatabasesProps) {
  const { t } = useTranslation()
  const show = useDialog((state) => state.show)
  const found = useTests(useShallow((state) => state.tests[server.id]?.found ?? []))
  const fresh = freshOf(found, databases)
  return (
    <Panel
      flush
      title={t('database.many')}
      aside={
        <Button
          small
          icon={<Plus size={14} aria-hidden />}
          onClick={() => show({ kind: 'add-database', serverId: server.id })}
        >
          {t('action.addDatabase')}
        </Button>
      }
    >
      {databases.length === 0 && fresh.length === 0 && (
        <Empty title={t('database.empty')}>{t('database.emptyText')}</Empty>
      )}
      <ul>
        {databases.map((database) => (
          <DatabaseRow key={database.id} database={database} />
        ))}
      </ul>
      {fresh.length > 0 && (
        <div className={databases.length > 0 ? 'border-t' : ''}>
          <p className="bg-accent-soft px-4.5 py-2 text-sm">{t('found.title', { count: fresh.length })}</p>
          <FoundDatabases serverId={server.id} found={found} freshOnly />
        </div>
      )}
    </Panel>
  )
}

function DatabaseRow({ database }: { database: Database }) {
  const { t } = useTranslation()
  const show = useDialog((state) => state.show)
  const busy = useJobs((state) => underWay(state.jobs, 'backup', { databaseId: database.id }) !== undefined)
  const facts = [
    placeWords(database.place, t),
    t('database.as', { user: database.dbuser }),
    ...(database.backups ? [t('found.backups', { folder: database.backups })] : []),
  ]
  return (
    <li className="flex items-center gap-3 border-t px-4.5 py-2.5 first:border-t-0">
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 items-center gap-2">
          <Name text={database.dbname} className="font-semibold" />
          <LabelTag label={database.label} />
        </p>
        <p className="flex min-w-0 text-sm text-ink-3">
          <Name text={facts.join(' · ')} />
        </p>
      </div>
      <Button busy={busy} onClick={() => backUpNow(database)}>
        {busy ? t('action.backingUp') : t('action.backUpNow')}
      </Button>
      <IconButton
        label={t('action.editNamed', { name: database.label })}
        onClick={() => show({ kind: 'database', databaseId: database.id })}
      >
        <Pencil size={15} aria-hidden />
      </IconButton>
      <IconButton
        label={t('action.removeNamed', { name: database.label })}
        onClick={() => removeDatabase(database.id)}
        className="hover:text-damaged"
      >
        <Trash2 size={15} aria-hidden />
      </IconButton>
    </li>
  )
}
