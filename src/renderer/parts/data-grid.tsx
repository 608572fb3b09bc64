import { useVirtualizer } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react'
import { HeaderCell } from './grid-header.tsx'
import { GridRow } from './grid-row.tsx'

export interface Column<R> {
  id: string
  header: ReactNode
  /** a track of CSS grid: `minmax(0,2fr)`, `96px` */
  track: string
  cell: (row: R, index: number) => ReactNode
  right?: boolean
  /** left out where the grid is narrower, in pixels */
  hideBelow?: number
  sortable?: boolean
}

interface DataGridProps<R> {
  label: string
  columns: readonly Column<R>[]
  count: number
  /** undefined while the row is on its way */
  rowAt: (index: number) => R | undefined
  onOpen?: (row: R) => void
  /** the rows that are on the screen, whenever that changes */
  onShow?: (first: number, last: number) => void
  sort?: { id: string; descending: boolean }
  onSort?: (id: string) => void
  /** pixels; without it the grid takes the height it is given */
  maxHeight?: number
  rowHeight?: number
  /** when this changes the list begins at its top again */
  startOver?: string
}

const headerHeight = 36

/** A table of any length: only the rows on the screen exist. Arrow keys move, Enter opens. */
export function DataGrid<R>(props: DataGridProps<R>) {
  const { count, rowAt, onOpen, onShow, maxHeight, rowHeight = 36 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const width = useWidth(scroller)
  const columns = useMemo(
    () => props.columns.filter(({ hideBelow }) => hideBelow === undefined || width === null || width >= hideBelow),
    [props.columns, width],
  )
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
  })
  const { startOver } = props
  useEffect(() => {
    scroller.current?.scrollTo(0, 0)
  }, [startOver])
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (count > 0) onShow?.(first, last)
  }, [first, last, count, onShow])

  const template = columns.map((column) => column.track).join(' ')
  // The keyboard finds its way in also when the row it was on has been scrolled away.
  const reachable = active >= first && active <= last ? active : first
  const open = useRef<(index: number) => void>(() => undefined)
  useLayoutEffect(() => {
    open.current = (index) => {
      const row = rowAt(index)
      if (row) onOpen?.(row)
    }
  })
  const openAt = useCallback((index: number) => open.current(index), [])
  const focusRow = useFocusRow(scroller, virtual.scrollToIndex)

  function onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2)
    const next = moved(event.key, active, count, page)
    if (next === null) return
    event.preventDefault()
    setActive(next)
    focusRow(next)
  }

  return (
    <div
      role="table"
      aria-label={props.label}
      aria-rowcount={count + 1}
      className="flex min-h-0 min-w-0 flex-1 flex-col"
    >
      <div
        ref={scroller}
        role="presentation"
        className="min-h-0 flex-1 overflow-y-auto"
        style={
          maxHeight === undefined
            ? undefined
            : { height: Math.min(maxHeight, count * rowHeight + headerHeight), flex: 'none' }
        }
      >
        <div role="rowgroup" className="sticky top-0 z-10 bg-panel">
          <div
            role="row"
            aria-rowindex={1}
            className="row-line grid h-9 items-center gap-x-3 px-4.5"
            style={{ gridTemplateColumns: template }}
          >
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }} onKeyDown={onKey}>
          {items.map(({ index, start, size }) => (
            <GridRow
              // By its place: a row that arrives must not take the focus from the place it fills.
              key={index}
              row={rowAt(index)}
              columns={columns}
              index={index}
              top={start - headerHeight}
              height={size}
              template={template}
              reachable={index === reachable}
              onFocus={setActive}
              onOpen={onOpen ? openAt : null}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function useWidth(element: React.RefObject<HTMLElement | null>): number | null {
  const [width, setWidth] = useState<number | null>(null)
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return undefined
    const observer = new ResizeObserver(() => setWidth(current.clientWidth))
    observer.observe(current)
    setWidth(current.clientWidth)
    return () => observer.disconnect()
  }, [element])
  return width
}

/** Moves the focus to a row, as soon as that row is drawn. */
function useFocusRow(scroller: React.RefObject<HTMLDivElement | null>, scrollTo: (index: number) => void) {
  const wanted = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`)
    if (!row) return
    wanted.current = null
    row.focus()
  })
  return (index: number): void => {
    wanted.current = index
    scrollTo(index)
  }
}

/** Where a key leads from a row; null for keys that lead nowhere. */
export function moved(key: string, from: number, count: number, page: number): number | null {
  const to = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: count - 1,
  }[key]
  if (to === undefined || count === 0) return null
  return Math.min(count - 1, Math.max(0, to))
}
