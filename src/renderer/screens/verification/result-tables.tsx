import { useCallback, useMemo, useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Name } from '../../parts/label.tsx'
import { Segments } from '../../parts/select.tsx'
import { Panel } from '../../parts/panel.tsx'
import { useFormat } from '../../words/format.ts'
import { nameOfTable } from '../copy/table-change.ts'
import { RowBar } from '../copy/row-bar.tsx'
import { countsOf, type JudgedTable } from './verdict.ts'
import { VerdictText } from './verdict-text.tsx'

type Shown = 'all' | 'damaged' | 'unchecked'

/** Table by table: the dump, what came back, the source; the worst first. */
export function ResultTables({ judged }: { judged: readonly JudgedTable[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [shown, setShown] = useState<Shown>('all')
  const counts = useMemo(() => countsOf(judged), [judged])
  const rows = useMemo(
    () =>
      shown === 'all'
        ? judged
        : judged.filter(({ outcome }) => outcome === (shown === 'damaged' ? 'damaged' : 'not-checked')),
    [judged, shown],
  )
  const rowAt = useCallback((index: number) => rows[index], [rows])
  const columns = useColumns(judged)
  if (counts.all === 0) {
    return (
      <Panel>
        <p className="text-center text-ink-2">{t('verify.noTables')}</p>
      </Panel>
    )
  }
  const filters = [
    { value: 'all' as const, label: t('verify.filterAll', { count: counts.all, number: format.number(counts.all) }) },
    {
      value: 'damaged' as const,
      label: t('verify.filterDamaged', { count: counts.damaged, number: format.number(counts.damaged) }),
    },
    {
      value: 'unchecked' as const,
      label: t('verify.filterUnchecked', { count: counts.unchecked, number: format.number(counts.unchecked) }),
    },
  ]
  return (
    <section aria-labelledby="result-tables">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="result-tables" className="min-w-0 flex-1 text-lg font-bold">
          {t('tables.title', { count: counts.all })}
          <span className="font-normal text-ink-2"> {summary(counts, t)}</span>
        </h2>
        <Segments silent label={t('verify.shown')} value={shown} onChange={setShown} choices={filters} />
      </div>
      <div className="overflow-hidden rounded-panel border bg-panel">
        {rows.length === 0 ? (
          <p className="px-4.5 py-6 text-center text-ink-2">
            {t(shown === 'damaged' ? 'verify.noneDamaged' : 'verify.noneUnchecked')}
          </p>
        ) : (
          <DataGrid
            label={t('tables.title', { count: counts.all })}
            columns={columns}
            count={rows.length}
            rowAt={rowAt}
            maxHeight={480}
            startOver={shown}
          />
        )}
      </div>
    </section>
  )
}

function summary(counts: ReturnType<typeof countsOf>, t: TFunction): string {
  if (counts.damaged > 0) return t('verify.differing', { count: counts.damaged })
  if (counts.unchecked > 0) return t('verify.unchecked', { count: counts.unchecked })
  return t('verify.allEqual')
}

function useColumns(judged: readonly JudgedTable[]): readonly Column<JudgedTable>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo((): Column<JudgedTable>[] => {
    const most = judged.reduce((largest, { table }) => Math.max(largest, table.dumpRows), 1)
    const count = (rows: number | null) =>
      rows === null ? (
        <span className="text-ink-3" title={t('verify.notCounted')}>
          —<span className="sr-only">{t('verify.notCounted')}</span>
        </span>
      ) : (
        format.number(rows)
      )
    // Without a single figure from the source, its column would only take room.
    const withSource = judged.some(({ table }) => table.sourceRows !== null)
    return [
      {
        id: 'table',
        header: t('tables.table'),
        track: 'minmax(140px,1.5fr)',
        cell: ({ table }) => (
          <span className="flex min-w-0">
            <Name text={nameOfTable(table)} />
          </span>
        ),
      },
      {
        id: 'bar',
        header: <span className="sr-only">{t('tables.share')}</span>,
        track: 'minmax(60px,0.8fr)',
        hideBelow: 760,
        cell: ({ table }) => <RowBar rows={table.dumpRows} most={most} />,
      },
      { id: 'dump', header: t('verify.dump'), track: '84px', right: true, cell: ({ table }) => count(table.dumpRows) },
      {
        id: 'restored',
        header: t('verify.restored'),
        track: '84px',
        right: true,
        cell: ({ table }) => count(table.restoredRows),
      },
      ...(withSource
        ? [
            {
              id: 'source',
              header: t('verify.source'),
              track: '84px',
              right: true,
              cell: ({ table }: JudgedTable) => count(table.sourceRows),
            },
          ]
        : []),
      {
        id: 'verdict',
        header: t('verify.verdictTitle'),
        track: 'minmax(150px,1fr)',
        cell: ({ table, verdict }) => (
          <span title={table.note === null ? undefined : printable(table.note)}>
            <VerdictText verdict={verdict} note={table.note} />
          </span>
        ),
      },
    ]
  }, [judged, t, format])
}
