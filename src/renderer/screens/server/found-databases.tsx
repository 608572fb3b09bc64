import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Database, FoundDatabase, NewDatabase } from '#shared/database.ts'
import { call } from '../../bridge.ts'
import { perform } from '../../actions/perform.ts'
import { Button } from '../../parts/button.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useDatabases } from '../../stores/databases.ts'
import { useFormat } from '../../words/format.ts'
import { DatabaseDialog } from './database-dialog.tsx'
import { placeWords } from './place-words.ts'

interface FoundDatabasesProps {
  serverId: string
  found: readonly FoundDatabase[]
  /** without those that are looked after already */
  freshOnly?: boolean
}

/** The databases that the connection test found, with everything filled in: one click adds one, or all. */
export function FoundDatabases({ serverId, found, freshOnly = false }: FoundDatabasesProps) {
  const { t } = useTranslation()
  const known = useDatabases(useShallow((state) => (state.value ?? []).filter(({ server }) => server === serverId)))
  const [busy, setBusy] = useState(false)
  const fresh = freshOf(found, known)

  async function add(databases: readonly FoundDatabase[]): Promise<void> {
    setBusy(true)
    await perform(t('action.addDatabase'), async () => {
      const taken = known.map(({ label }) => label)
      for (const database of databases) {
        const added = newFrom(serverId, database, taken)
        await call('database.add', added)
        taken.push(added.label)
      }
    })
    await useDatabases.getState().refresh()
    setBusy(false)
  }

  return (
    <div>
      <ul>
        {(freshOnly ? fresh : found).map((database) => (
          <li
            key={`${database.container ?? ''}/${database.dbname}/${database.label}`}
            className="flex items-center gap-4 border-t px-4.5 py-2.5 first:border-t-0"
          >
            <div className="min-w-0 flex-1">
              <p className="flex min-w-0 items-center gap-2">
                <Name text={database.dbname} className="font-semibold" />
                <LabelTag
                  label={
                    fresh.includes(database)
                      ? freeLabel(
                          database.label,
                          known.map(({ label }) => label),
                        )
                      : database.label
                  }
                />
              </p>
              <FoundFacts database={database} />
            </div>
            {fresh.includes(database) ? (
              <FoundActions
                serverId={serverId}
                database={database}
                taken={known.map(({ label }) => label)}
                busy={busy}
                onAdd={() => void add([database])}
              />
            ) : (
              <span className="flex items-center gap-1.5 text-sm text-ink-2">
                <OutcomeMark outcome="done" size={14} />
                {t('found.added')}
              </span>
            )}
          </li>
        ))}
      </ul>
      {fresh.length > 1 && (
        <div className="flex justify-end border-t px-4.5 py-2.5">
          <Button variant="primary" busy={busy} onClick={() => void add(fresh)}>
            {t('found.addAll', { count: fresh.length })}
          </Button>
        </div>
      )}
    </div>
  )
}

function FoundFacts({ database }: { database: FoundDatabase }) {
  const { t } = useTranslation()
  const format = useFormat()
  const facts = [
    placeWords(database.place, t),
    ...(database.serverVersion ? [`PostgreSQL ${database.serverVersion}`] : []),
    ...(database.size === null ? [] : [format.bytes(database.size)]),
    ...(database.backups ? [t('found.backups', { folder: database.backups })] : []),
  ]
  return (
    <p className="flex min-w-0 text-sm text-ink-3">
      <Name text={facts.join(' · ')} />
    </p>
  )
}

interface FoundActionsProps {
  serverId: string
  database: FoundDatabase
  /** labels that the server's databases have already */
  taken: readonly string[]
  busy: boolean
  onAdd: () => void
}

function FoundActions({ serverId, database, taken, busy, onAdd }: FoundActionsProps) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  return (
    <div className="flex gap-2">
      <Button small variant="quiet" onClick={() => setEditing(true)}>
        {t('found.addWithChanges')}
      </Button>
      <Button small busy={busy} onClick={onAdd}>
        {t('action.add')}
      </Button>
      {editing && (
        <DatabaseDialog id={null} initial={newFrom(serverId, database, taken)} onClose={() => setEditing(false)} />
      )}
    </div>
  )
}

export function newFrom(server: string, found: FoundDatabase, taken: readonly string[]): NewDatabase {
  const { place, dbname, dbuser, backups, env } = found
  return { server, label: freeLabel(found.label, taken), place, dbname, dbuser, backups, env, format: 'auto' }
}

/** A label that is taken gets the next free number, as files do. */
export function freeLabel(label: string, taken: readonly string[]): string {
  if (!taken.includes(label)) return label
  let number = 2
  while (taken.includes(`${label}-${number}`)) number += 1
  return `${label}-${number}`
}

/** What was found and is not looked after yet: at no place of a known database, whatever label that was given. */
export function freshOf(found: readonly FoundDatabase[], known: readonly Database[]): FoundDatabase[] {
  const taken = new Set(known.flatMap((database) => matchesOf(database, found)))
  return found.filter((database) => !taken.has(database))
}

function matchesOf(database: Database, found: readonly FoundDatabase[]): FoundDatabase[] {
  const matches = found.filter(
    ({ dbname, place }) =>
      dbname === database.dbname &&
      mayShareProject(database.place, place) &&
      JSON.stringify(placeKey(database.place)) === JSON.stringify(placeKey(place)),
  )
  // One that names no project is one of several then, and nobody knows which: better to offer it than to hide the others.
  const isOneOfMany =
    projectOf(database.place) === null && new Set(matches.map(({ place }) => projectOf(place))).size > 1
  return isOneOfMany ? [] : matches
}

const projectOf = (place: FoundDatabase['place']): string | null => (place.kind === 'compose' ? place.project : null)

/** A place that names no project stands for the only one there. */
function mayShareProject(one: FoundDatabase['place'], other: FoundDatabase['place']): boolean {
  const [project, otherProject] = [projectOf(one), projectOf(other)]
  return project === null || otherProject === null || project === otherProject
}

function placeKey(place: FoundDatabase['place']): readonly (string | null)[] {
  switch (place.kind) {
    case 'compose':
      return ['compose', place.dir, place.file, place.service]
    case 'container':
      return ['container', place.container]
    case 'host':
      return ['host']
  }
}
