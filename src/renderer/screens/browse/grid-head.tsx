import type { VirtualItem } from '@tanstack/react-virtual'
import { useTranslation } from 'react-i18next'
import { useBrowse, type Filter, type Reading } from '../../stores/browse.ts'
import { ColumnHead } from './column-head.tsx'
import { gutter, headHeight } from './measures.ts'

interface GridHeadProps {
  reading: Reading
  /** the columns on the screen */
  columns: readonly VirtualItem[]
  /** pixels of all columns */
  width: number
  /** the column that the tab key stops at */
  reachable: number
}

/** The heads of the columns: they stay while the rows are scrolled. */
export function GridHead({ reading, columns, width, reachable }: GridHeadProps) {
  const { t } = useTranslation()
  const { sort, filters } = reading
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b bg-panel" style={{ height: headHeight, width }}>
      <div role="row" aria-rowindex={1} className="relative h-full">
        <div
          role="columnheader"
          aria-colindex={1}
          className="sticky left-0 z-10 flex h-full items-center justify-end bg-panel pr-2.5 text-xs text-ink-3"
          style={{ width: gutter }}
        >
          {t('browse.row')}
        </div>
        {columns.map(({ index, start, size }) => {
          const column = reading.columns?.[index]
          if (!column) return null
          const sorted = sort?.column === column.name ? sort : null
          return (
            <div
              key={index}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
              data-cell={`-1:${index}`}
              className="absolute top-0 h-full"
              style={{ left: start, width: size }}
            >
              <ColumnHead
                column={column}
                sort={sorted}
                filter={filters.find((filter) => filter.column === column.name)}
                reachable={index === reachable}
                onSort={() => sortBy(column.name)}
                onFilter={(filter) => filterBy(column.name, filter)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Up, down, and not at all. */
function sortBy(column: string): void {
  const { reading, again } = useBrowse.getState()
  const { sort } = reading ?? {}
  if (sort?.column !== column) again({ sort: { column, descending: false } })
  else again({ sort: sort.descending ? null : { column, descending: true } })
}

/** One filter for each column; null takes it away. */
export function filterBy(column: string, filter: Filter | null): void {
  const { reading, again } = useBrowse.getState()
  const others = (reading?.filters ?? []).filter((each) => each.column !== column)
  again({ filters: filter ? [...others, filter] : others })
}
