import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '#shared/verification.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Checkbox, inputLook } from '../../parts/field.tsx'
import { Name } from '../../parts/label.tsx'
import { useFormat } from '../../words/format.ts'
import { differenceOf, differences, isDifferent, nameOf, type ComparedTable } from './difference.ts'
import { DifferenceText } from './difference-text.tsx'

/** Every table of either side, what there is to look at first. */
export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const [wanted, setWanted] = useState('')
  const [onlyDifferent, setOnlyDifferent] = useState(true)
  const different = comparison.tables.filter(isDifferent).length
  // without a difference an empty list would say less than a full one
  const only = onlyDifferent && different > 0
  const shown = useMemo(
    () =>
      comparison.tables
        .filter((table) => nameOf(table).toLowerCase().includes(wanted.trim().toLowerCase()))
        .filter((table) => !only || isDifferent(table))
        .toSorted(byWeight),
    [comparison, wanted, only],
  )
  const rowAt = useCallback((index: number) => shown[index], [shown])
  const columns = useColumns(comparison)
  return (
    <>
      <Summary comparison={comparison} />
      <section
        aria-label={t('compare.tables')}
        className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-panel border bg-panel"
      >
        <div className="row-line flex flex-wrap items-center gap-x-4 gap-y-2 px-4.5 py-2.5">
          <input
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            aria-label={t('browse.search')}
            placeholder={t('browse.search')}
            spellCheck={false}
            className={`${inputLook} max-w-64`}
          />
          <Checkbox
            label={t('compare.onlyDifferent')}
            checked={only}
            disabled={different === 0}
            onChange={setOnlyDifferent}
          />
        </div>
        {shown.length === 0 ? (
          <p className="px-4.5 py-4 text-ink-3">{t('browse.noneFit')}</p>
        ) : (
          <DataGrid
            label={t('compare.tables')}
            columns={columns}
            count={shown.length}
            rowAt={rowAt}
            startOver={`${wanted} ${only}`}
          />
        )}
      </section>
    </>
  )
}

/** How many tables are how different, the worst first, each with its mark. */
function Summary({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const format = useFormat()
  const counts = new Map<string, number>()
  for (const table of comparison.tables) {
    const difference = differenceOf(table)
    counts.set(difference, (counts.get(difference) ?? 0) + 1)
  }
  return (
    <ul aria-label={t('compare.summary')} className="flex flex-wrap gap-x-6 gap-y-1.5">
      {differences.flatMap((difference) => {
        const count = counts.get(difference)
        return count === undefined ? (
          []
        ) : (
          <li key={difference} className="flex items-center gap-1.5">
            <b className="font-semibold">{format.number(count)}</b>
            <DifferenceText difference={difference} />
          </li>
        )
      })}
    </ul>
  )
}

function byWeight(one: ComparedTable, other: ComparedTable): number {
  const weight = (table: ComparedTable): number => differences.indexOf(differenceOf(table))
  return weight(one) - weight(other) || nameOf(one).localeCompare(nameOf(other))
}

function useColumns({ left, right }: Comparison): readonly Column<ComparedTable>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo((): Column<ComparedTable>[] => {
    const rows = (count: number | null) =>
      count === null ? <span className="text-ink-3">–</span> : format.number(count)
    return [
      {
        id: 'table',
        header: t('tables.table'),
        track: 'minmax(100px,1.4fr)',
        cell: (table) => (
          <span className="flex min-w-0">
            <Name text={nameOf(table)} />
          </span>
        ),
      },
      {
        id: 'left',
        header: format.dateTime(left.takenAt),
        track: 'minmax(88px,150px)',
        right: true,
        cell: (table) => rows(table.left),
      },
      {
        id: 'right',
        header:
          right.kind === 'source'
            ? t('compare.sourceAt', { time: format.time(right.takenAt) })
            : format.dateTime(right.takenAt),
        track: 'minmax(88px,150px)',
        right: true,
        cell: (table) => rows(table.right),
      },
      {
        id: 'difference',
        header: t('tables.change'),
        track: 'minmax(76px,104px)',
        right: true,
        cell: ({ left: before, right: after }) => signed((after ?? 0) - (before ?? 0), format.number),
      },
      {
        id: 'words',
        header: t('compare.what'),
        track: 'minmax(116px,260px)',
        cell: (table) => <DifferenceText difference={differenceOf(table)} />,
      },
    ]
  }, [left, right, t, format])
}

function signed(rows: number, number: (value: number) => string): string {
  if (rows === 0) return ''
  return `${rows > 0 ? '+' : '−'}${number(Math.abs(rows))}`
}
