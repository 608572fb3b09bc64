import { useMemo, type ReactNode } from 'react'
import type { Column } from './data-grid.tsx'

interface GridRowProps<R> {
  /** undefined while it is on its way */
  row: R | undefined
  columns: readonly Column<R>[]
  index: number
  /** pixels from the top of the list */
  top: number
  height: number
  template: string
  /** the one row that the tab key stops at */
  reachable: boolean
  onFocus: (index: number) => void
  onOpen: ((index: number) => void) | null
}

/** One row of a grid. Its cells are remembered, so that scrolling draws only the rows that come into sight. */
export function GridRow<R>(props: GridRowProps<R>) {
  const { row, columns, index, top, height, template, reachable, onFocus, onOpen } = props
  const cells = useMemo(() => cellsOf(columns, row, index), [columns, row, index])
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-row={index}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => onFocus(index)}
      onClick={() => onOpen?.(index)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(index)
      }}
      className={`row-line absolute top-0 left-0 grid w-full items-center gap-x-3 px-4.5 focus-visible:-outline-offset-2 ${onOpen ? 'hover:bg-hover' : ''}`}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${top}px)` }}
    >
      {cells}
    </div>
  )
}

function cellsOf<R>(columns: readonly Column<R>[], row: R | undefined, index: number): ReactNode {
  if (row === undefined) return <div role="cell" className="col-span-full h-2.5 w-1/3 rounded-full bg-proof-0" />
  return columns.map((column) => (
    <div key={column.id} role="cell" className={`min-w-0 truncate ${column.right ? 'text-right' : ''}`}>
      {column.cell(row, index)}
    </div>
  ))
}
