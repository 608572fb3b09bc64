import { Download, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { saveCsv } from '../../actions/browse.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Name } from '../../parts/label.tsx'
import { Waiting } from '../../parts/panel.tsx'
import { mostRows, useBrowse, type Filter, type Reading } from '../../stores/browse.ts'
import { useFormat } from '../../words/format.ts'
import { DataRows } from './data-rows.tsx'
import { filterBy } from './grid-head.tsx'
import { fullName } from './table-list.tsx'
import type { Place } from './moved-cell.ts'
import { ValuePanel } from './value-panel.tsx'

/** One table: its filters, its rows, and one value beside them. */
export function TableView({ reading }: { reading: Reading }) {
  const { t } = useTranslation()
  const [opened, setOpened] = useState<{ place: Place; rows: Reading['cursorId'] } | null>(null)
  const again = useBrowse((state) => state.again)
  const { table, columns, rows, cursorId, failure } = reading
  // the place means something only in the rows that it was taken from
  const place = opened !== null && opened.rows === cursorId ? opened.place : null
  const column = place ? columns?.[place.column] : undefined
  const cell = place ? rows[place.row]?.[place.column] : undefined
  return (
    <section aria-label={printable(table.name)} className="relative flex min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <Head reading={reading} />
        {failure && (
          <div className="border-b p-3.5">
            <FailureNote failure={failure} retry={() => again()} />
          </div>
        )}
        {columns ? (
          <DataRows reading={reading} shown={place} onShow={(wanted) => setOpened({ place: wanted, rows: cursorId })} />
        ) : (
          !failure && (
            <div className="p-4">
              <Waiting text={t('state.loading')} />
            </div>
          )
        )}
        <Foot reading={reading} />
      </div>
      {place && column && cell !== undefined && cursorId !== null && (
        <ValuePanel cursorId={cursorId} column={column} cell={cell} place={place} onClose={() => setOpened(null)} />
      )}
    </section>
  )
}

function Head({ reading }: { reading: Reading }) {
  const { t } = useTranslation()
  const [saving, setSaving] = useState(false)
  const { table, filters } = reading
  async function save(): Promise<void> {
    setSaving(true)
    await saveCsv(reading)
    setSaving(false)
  }
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-2.5 gap-y-1 border-b px-3.5 py-1.5">
      <h2 className="flex min-w-0 flex-1 items-baseline gap-2 font-semibold">
        <Name text={fullName(table, false)} />
        <span className="shrink-0 text-sm font-normal text-ink-3">{t(`browse.kind.${table.kind}`)}</span>
      </h2>
      <Button
        small
        busy={saving}
        disabled={reading.columns === null}
        icon={<Download size={14} aria-hidden />}
        onClick={() => void save()}
      >
        {t('browse.saveCsv')}
      </Button>
      {filters.length > 0 && (
        <ul className="flex w-full flex-wrap gap-1.5 pb-1" aria-label={t('browse.filters')}>
          {filters.map((filter) => (
            <li key={filter.column} className="flex max-w-full min-w-0">
              <Chip filter={filter} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Chip({ filter }: { filter: Filter }) {
  const { t } = useTranslation()
  const { column, test, value = '' } = filter
  const asks = test === 'contains' || test === 'equals'
  return (
    <button
      type="button"
      title={t('browse.dropFilter')}
      onClick={() => filterBy(column, null)}
      className="inline-flex h-6 max-w-80 min-w-0 items-center gap-1.5 rounded-full border bg-accent-soft pr-1.5 pl-2.5 text-sm hover:border-accent"
    >
      <Name text={column} className="font-semibold" />
      <span className="shrink-0">{t(`browse.test.${test}`)}</span>
      {asks && (value === '' ? <span className="italic">{t('browse.empty')}</span> : <Name text={value} />)}
      <X size={13} aria-hidden className="shrink-0" />
      <span className="sr-only">{t('browse.dropFilter')}</span>
    </button>
  )
}

/** How far the table was read. */
function Foot({ reading }: { reading: Reading }) {
  const words = useProgress(reading)
  return (
    <p role="status" className="flex h-8 shrink-0 items-center border-t px-3.5 text-sm text-ink-3">
      {words}
    </p>
  )
}

function useProgress({ rows, end, failure, table, filters, cursorId }: Reading): string {
  const { t } = useTranslation()
  const format = useFormat()
  const count = rows.length
  const figure = format.number(count)
  if (count === 0) {
    if (failure) return t('browse.noneRead')
    if (cursorId === null || !end) return t('state.loading')
    return filters.length > 0 ? t('browse.noRowFits') : t('browse.noRow')
  }
  if (end) return t('browse.all', { count, rows: figure })
  if (count >= mostRows) return t('browse.most', { rows: figure })
  if (filters.length > 0 || table.rows === null || table.rows < count) return t('browse.soFar', { count, rows: figure })
  return t('browse.ofTotal', { count: table.rows, rows: figure, total: format.number(table.rows) })
}
