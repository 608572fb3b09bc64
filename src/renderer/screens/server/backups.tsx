import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Backup, Database } from '#shared/database.ts'
import { printable } from '#shared/name.ts'
import type { Server } from '#shared/server.ts'
import { pull } from '../../actions/jobs.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { Segments } from '../../parts/select.tsx'
import { Ago } from '../../parts/time.tsx'
import { useBackups } from '../../stores/backups.ts'
import { useCopies } from '../../stores/copies.ts'
import { useTests } from '../../stores/tests.ts'
import { Sentence } from '../../words/sentence.tsx'
import { useServerZones } from '../../stores/zones.ts'
import { BackupTable } from './backup-table.tsx'

interface BackupsProps {
  server: Server
  databases: readonly Database[]
}

/** What the server's own cron keeps: listed when the operator looks, since listing connects. */
export function Backups({ server, databases }: BackupsProps) {
  const { t } = useTranslation()
  const withFolder = databases.filter((database) => database.backups !== null)
  const [chosen, setChosen] = useState<string | null>(null)
  const database = withFolder.find(({ id }) => id === chosen) ?? withFolder[0]
  const listing = useBackups((state) => (database ? state.listings[database.id] : undefined))
  const failure = listing?.failure ?? listing?.unsure
  const copies = useCopies((state) => state.all)
  // Whoever logged in without being asked may look without being asked.
  const quiet =
    useTests((state) => state.tests[server.id]?.checks.some(isLogin) ?? false) && server.auth.kind !== 'password'
  // The database itself is a new object after every reading: each one would log in at the server again.
  const { id, backups: folder } = database ?? { id: null, backups: null }
  useEffect(() => {
    if (id !== null && quiet) void useBackups.getState().read(id)
  }, [id, folder, quiet, copies])
  if (!database) return null
  return (
    <Panel
      flush
      title={t('backups.title')}
      aside={
        <>
          {withFolder.length > 1 && (
            <Segments
              silent
              label={t('database.one')}
              value={database.id}
              onChange={setChosen}
              choices={withFolder.map(({ id, label }) => ({ value: id, label, tag: label }))}
            />
          )}
          {listing?.backups && (
            <Button small busy={listing.loading} onClick={() => void useBackups.getState().read(database.id)}>
              {t('action.lookAgain')}
            </Button>
          )}
        </>
      }
    >
      {failure && (
        <div className="p-3.5">
          <FailureNote
            failure={failure}
            about={{ serverId: server.id, databaseId: database.id, copyIds: [] }}
            retry={() => void useBackups.getState().read(database.id)}
          />
        </div>
      )}
      {listing?.backups ? (
        <Listed key={database.id} database={database} backups={listing.backups} at={listing.at} />
      ) : listing?.loading ? (
        <div className="px-4.5 py-4">
          <Waiting text={t('state.loading')} />
        </div>
      ) : (
        !failure && (
          <Empty
            title={t('backups.notListed')}
            actions={<Button onClick={() => void useBackups.getState().read(database.id)}>{t('backups.list')}</Button>}
          >
            {t('backups.notListedText', { folder: printable(database.backups ?? '') })}
          </Empty>
        )
      )}
    </Panel>
  )
}

function isLogin(check: { name: string; outcome: string }): boolean {
  return check.name === 'login' && check.outcome === 'proven'
}

interface ListedProps {
  database: Database
  backups: readonly Backup[]
  at: string | null
}

function Listed({ database, backups, at }: ListedProps) {
  const { t } = useTranslation()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const missing = useShallowMissing(backups)
  const zone = useServerZones().get(database.serverName) ?? null
  if (backups.length === 0) return <Empty title={t('backups.empty')}>{printable(database.backups ?? '')}</Empty>
  const names = missing.filter((name) => selected.has(name))
  return (
    <div>
      <div className="row-line flex flex-wrap items-center gap-2 px-4.5 py-2.5">
        <p className="min-w-0 flex-1 text-ink-2">
          {t('backups.count', { count: backups.length })} · {t('backups.missing', { count: missing.length })}
          {at !== null && (
            <>
              {' · '}
              <Sentence k="backups.listed" values={{ when: <Ago iso={at} /> }} />
            </>
          )}
        </p>
        <Button small onClick={() => pull(database, { kind: 'newest' })}>
          {t('action.pullNewest')}
        </Button>
        <Button small disabled={names.length === 0} onClick={() => pull(database, { kind: 'named', names })}>
          {t('backups.pullSelected', { count: names.length })}
        </Button>
        <Button small disabled={missing.length === 0} onClick={() => pull(database, { kind: 'all' })}>
          {t('backups.pullAll', { count: missing.length })}
        </Button>
      </div>
      <BackupTable backups={backups} zone={zone} selected={selected} onSelect={setSelected} />
    </div>
  )
}

function useShallowMissing(backups: readonly Backup[]): string[] {
  // Selecting through the store keeps the array the same object while nothing changed.
  return useBackups(useShallow(() => backups.filter(({ copyId }) => copyId === null).map(({ name }) => name)))
}
