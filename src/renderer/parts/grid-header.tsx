import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Column } from './data-grid.tsx'

interface HeaderCellProps<R> {
  column: Column<R>
  sort: { id: string; descending: boolean } | undefined
  onSort: ((id: string) => void) | undefined
}

export function HeaderCell<R>({ column, sort, onSort }: HeaderCellProps<R>) {
  const sorted = sort?.id === column.id
  const look = `min-w-0 truncate text-sm text-ink-3 ${column.right ? 'text-right' : ''}`
  if (!column.sortable || !onSort) {
    return (
      <div role="columnheader" className={look}>
        {column.header}
      </div>
    )
  }
  const Arrow = sort?.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      className={look}
    >
      <button
        type="button"
        onClick={() => onSort(column.id)}
        className={`inline-flex max-w-full items-center gap-1 rounded-[4px] hover:text-ink-1 ${column.right ? 'flex-row-reverse' : ''} ${sorted ? 'font-semibold text-ink-1' : ''}`}
      >
        <span className="truncate">{column.header}</span>
        {sorted && <Arrow size={12} aria-hidden />}
      </button>
    </div>
  )
}
