import { useCallback, useMemo, useState } from 'react'
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type SortingState,
} from '@tanstack/react-table'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Changes, Copy, CopyTable } from '#shared/copy.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Name } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat, type Format } from '../../words/format.ts'
import { RowBar } from './row-bar.tsx'
import { changeOf, nameOfTable, type TableChange } from './table-change.ts'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
const helper = createColumnHelper<typeof features, CopyTable>()
const sortable = helper.columns([
  helper.accessor((table) => nameOfTable(table), {
    id: 'table',
    sortFn: (a, b) => nameOfTable(a.original).localeCompare(nameOfTable(b.original)),
  }),
  helper.accessor('rows', { id: 'rows', sortFn: (a, b) => a.original.rows - b.original.rows }),
])

interface TablesProps {
  copy: Copy
  changes: Changes | null
}

/** Every table of the copy with its rows, as a bar and as a figure, and what changed in it. */
export function Tables({ copy, changes }: TablesProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [sorting, setSorting] = useState<SortingState>([{ id: 'rows', desc: true }])
  const table = useTable({
    features,
    columns: sortable,
    data: copy.tables,
    state: { sorting },
    onSortingChange: setSorting,
  })
  const rows = table.getRowModel().rows
  const rowAt = useCallback((index: number) => rows[index]?.original, [rows])
  const columns = useTableColumns(copy, changes)
  const sorted = sorting[0]

  function sortBy(id: string): void {
    setSorting([{ id, desc: sorted?.id === id ? !sorted.desc : id === 'rows' }])
  }

  if (copy.tables.length === 0) return null
  return (
    <section aria-labelledby="tables-title">
      <h2 id="tables-title" className="mb-2 text-lg font-bold">
        {t('tables.title', { count: copy.tables.length })}
        <span className="font-normal text-ink-2">
          {' '}
          {t('evidence.rows', { count: copy.rowCount, rows: format.number(copy.rowCount) })}
        </span>
      </h2>
      <div className="overflow-hidden rounded-panel border bg-panel">
        <DataGrid
          label={t('tables.title', { count: copy.tables.length })}
          columns={columns}
          count={rows.length}
          rowAt={rowAt}
          {...(sorted ? { sort: { id: sorted.id, descending: sorted.desc } } : {})}
          onSort={sortBy}
          maxHeight={480}
        />
      </div>
    </section>
  )
}

function useTableColumns(copy: Copy, changes: Changes | null): readonly Column<CopyTable>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo((): Column<CopyTable>[] => {
    const most = copy.tables.reduce((largest, { rows }) => Math.max(largest, rows), 1)
    const source = copy.snapshot && new Map(copy.snapshot.tables.map((table) => [nameOfTable(table), table]))
    return [
      {
        id: 'table',
        header: t('tables.table'),
        track: 'minmax(140px,1.4fr)',
        sortable: true,
        cell: (table) => (
          <span className="flex min-w-0">
            <Name text={nameOfTable(table)} />
          </span>
        ),
      },
      {
        id: 'bar',
        header: <span className="sr-only">{t('tables.share')}</span>,
        track: 'minmax(80px,1fr)',
        cell: (table) => <RowBar rows={table.rows} most={most} />,
      },
      {
        id: 'rows',
        header: t('tables.rows'),
        track: '96px',
        right: true,
        sortable: true,
        cell: (table) => format.number(table.rows),
      },
      ...(source ? [sourceColumn(source, t, format)] : []),
      {
        id: 'change',
        header: t('tables.change'),
        track: '104px',
        right: true,
        cell: (table) => <Change change={changeOf(table, changes)} />,
      },
      {
        id: 'fingerprint',
        header: t('tables.fingerprint'),
        track: 'minmax(96px,172px)',
        cell: (table) =>
          table.fingerprint === null ? (
            <span className="text-ink-3">{t('outcome.not-checked')}</span>
          ) : (
            <span className="font-mono text-xs text-ink-3" title={table.fingerprint}>
              {table.fingerprint}
            </span>
          ),
      },
    ]
  }, [copy, changes, t, format])
}

/** What the source held in the very snapshot that was dumped. */
function sourceColumn(source: ReadonlyMap<string, CopyTable>, t: TFunction, format: Format): Column<CopyTable> {
  return {
    id: 'source',
    header: t('tables.source'),
    track: '120px',
    right: true,
    cell: (table) => <SourceRows table={table} source={source.get(nameOfTable(table)) ?? null} format={format} />,
  }
}

interface SourceRowsProps {
  table: CopyTable
  source: CopyTable | null
  format: Format
}

function SourceRows({ table, source, format }: SourceRowsProps) {
  const { t } = useTranslation()
  if (source === null) return <span className="text-ink-3">{t('outcome.not-checked')}</span>
  const known = source.fingerprint !== null && table.fingerprint !== null
  const differs = source.rows !== table.rows || (known && source.fingerprint !== table.fingerprint)
  return (
    <span className={`inline-flex items-center gap-1.5 ${differs ? 'font-semibold text-damaged' : ''}`}>
      {format.number(source.rows)}
      {(differs || known) && <OutcomeMark outcome={differs ? 'damaged' : 'proven'} size={13} />}
      <span className="sr-only">
        {t(differs ? 'tables.sourceDiffers' : known ? 'tables.sourceEqual' : 'tables.sourceCounted')}
      </span>
    </span>
  )
}

function Change({ change }: { change: TableChange }) {
  const { t } = useTranslation()
  const format = useFormat()
  switch (change.kind) {
    case 'none':
      return null
    case 'new':
      return <span className="text-accent">{t('tables.new')}</span>
    case 'edited':
      return <span className="text-ink-2">{t('tables.edited')}</span>
    case 'unknown':
      return <span className="text-ink-3">{t('tables.notCompared')}</span>
    case 'rows':
      return (
        <span
          className={change.rows < 0 ? 'text-care' : 'text-ink-2'}
        >{`${change.rows > 0 ? '+' : '−'}${format.number(Math.abs(change.rows))}`}</span>
      )
  }
}
