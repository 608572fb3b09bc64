import { memo, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveTable, LiveVerification } from '#shared/verification.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Name } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Segments } from '../../parts/select.tsx'
import { stateOf, tallyOf, type Live } from '../../stores/live-verification.ts'
import { useFormat } from '../../words/format.ts'
import { nameOfTable } from '../copy/table-change.ts'

type Shown = 'all' | 'working'
type Step = LiveVerification['step']

/** A list that fits the screen needs no filter. */
const manyTables = 12

/** Every table as it loads, is indexed and is compared. Only the rows on the screen are drawn. */
export function LiveTables({ live }: { live: Live }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [shown, setShown] = useState<Shown>('all')
  const { tables, step } = live
  const tally = useMemo(() => tallyOf({ tables, step }), [tables, step])
  const working = useMemo(
    () => (shown === 'all' ? tables : tables.filter((table) => isAtWork(table, step))),
    [shown, tables, step],
  )
  const rowAt = useCallback((index: number) => working[index], [working])
  const columns = useColumns(step)
  const title =
    tally.compared > 0
      ? t('verify.tablesCompared', { done: format.number(tally.compared), count: tally.tables })
      : t('verify.tablesLoaded', { done: format.number(tally.loaded), count: tally.tables })
  return (
    <section aria-labelledby="live-tables" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="live-tables" className="min-w-0 flex-1 font-semibold">
          {title}
          {tally.differing > 0 && (
            <span className="text-damaged">
              {' · '}
              {t('verify.differing', { count: tally.differing })}
            </span>
          )}
        </h2>
        {tables.length > manyTables && (
          <Segments
            silent
            label={t('verify.shown')}
            value={shown}
            onChange={setShown}
            choices={[
              { value: 'all', label: t('verify.shownAll') },
              { value: 'working', label: t('verify.shownWorking') },
            ]}
          />
        )}
      </div>
      <div className="overflow-hidden rounded-panel border bg-panel">
        {working.length === 0 ? (
          <p className="px-4.5 py-6 text-center text-ink-3">{t('verify.noneAtWork')}</p>
        ) : (
          <DataGrid
            label={t('tables.title', { count: tables.length })}
            columns={columns}
            count={working.length}
            rowAt={rowAt}
            maxHeight={444}
            startOver={shown}
            rowHeight={34}
          />
        )}
      </div>
    </section>
  )
}

function isAtWork(table: LiveTable, step: Step): boolean {
  const state = stateOf(table, step)
  return state === 'loading' || state === 'building' || state === 'differs'
}

function useColumns(step: Step): readonly Column<LiveTable>[] {
  const { t } = useTranslation()
  return useMemo(
    (): Column<LiveTable>[] => [
      {
        id: 'table',
        header: t('tables.table'),
        track: 'minmax(140px,1.4fr)',
        cell: (table) => <TableName table={table} step={step} />,
      },
      {
        id: 'loaded',
        header: t('verify.loaded'),
        track: 'minmax(80px,180px)',
        cell: (table) => <LoadBar table={table} />,
      },
      {
        id: 'rows',
        header: t('tables.rows'),
        track: 'minmax(120px,200px)',
        right: true,
        cell: (table) => <LoadedRows table={table} step={step} />,
      },
      {
        id: 'indexes',
        header: t('verify.indexes'),
        track: 'minmax(88px,128px)',
        cell: (table) => <Indexes table={table} step={step} />,
      },
      {
        id: 'match',
        header: t('verify.compared'),
        track: 'minmax(80px,96px)',
        cell: (table) => <Match table={table} />,
      },
    ],
    [t, step],
  )
}

interface CellProps {
  table: LiveTable
  step: Step
}

const TableName = memo(function TableName({ table, step }: CellProps) {
  return (
    <span className={`flex min-w-0 ${stateOf(table, step) === 'waiting' ? 'text-ink-3' : ''}`}>
      <Name text={nameOfTable(table)} />
    </span>
  )
})

const LoadBar = memo(function LoadBar({ table: { rows, loaded } }: { table: LiveTable }) {
  // Whole and not green: loaded is not yet compared.
  const whole = rows > 0 && loaded >= rows
  const width = rows === 0 || loaded === 0 ? 0 : Math.min(100, Math.max(2, (100 * loaded) / rows))
  return (
    <span aria-hidden className="block h-1.5 overflow-hidden rounded-full bg-proof-0">
      <span
        className={`block h-full rounded-full ${whole ? 'bg-proof-4' : 'bg-proof-3'}`}
        style={{ width: `${width}%` }}
      />
    </span>
  )
})

const LoadedRows = memo(function LoadedRows({ table, step }: CellProps) {
  const format = useFormat()
  return (
    <span className={stateOf(table, step) === 'waiting' ? 'text-ink-3' : ''}>
      {`${format.number(table.loaded)} / ${format.number(table.rows)}`}
    </span>
  )
})

const Indexes = memo(function Indexes({ table, step }: CellProps) {
  const { t } = useTranslation()
  const state = stateOf(table, step)
  const { built, indexes: count } = table
  if (state === 'waiting') return <span className="text-ink-3">{t('verify.waiting')}</span>
  if (count === 0) return <span className="text-ink-3">—</span>
  return (
    <span className="text-ink-2">
      {t(state === 'building' ? 'verify.building' : 'verify.builtOf', { built, count })}
    </span>
  )
})

const Match = memo(function Match({ table: { match } }: { table: LiveTable }) {
  const { t } = useTranslation()
  if (match === null) return null
  return (
    <span className={`flex items-center gap-1.5 ${match ? 'text-proven' : 'text-damaged'}`}>
      <OutcomeMark outcome={match ? 'proven' : 'damaged'} size={13} />
      {t(match ? 'verify.verdict.equal' : 'verify.verdict.differs')}
    </span>
  )
})
