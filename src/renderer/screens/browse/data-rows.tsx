import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { mostRows, useBrowse, type Reading } from '../../stores/browse.ts'
import { useFormat } from '../../words/format.ts'
import { columnWidth } from './cell-kind.ts'
import { GridHead } from './grid-head.tsx'
import { GridLine } from './grid-line.tsx'
import { gutter, headHeight, rowHeight } from './measures.ts'
import { movedCell, type Place } from './moved-cell.ts'

interface DataRowsProps {
  reading: Reading
  /** the value that is shown beside */
  shown: Place | null
  onShow: (place: Place) => void
}

/**
 * Rows and columns of any number: only those on the screen exist. Arrow keys walk through values, upwards into the heads
 * of the columns; Enter shows the whole value.
 */
export function DataRows({ reading, shown, onShow }: DataRowsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<Place>({ row: 0, column: 0 })
  const { table, sort, filters, rows, end } = reading
  const columns = reading.columns ?? []
  // a last line shows that more is on its way
  const count = rows.length + (end || rows.length >= mostRows || reading.failure ? 0 : 1)
  const { down, across } = useVirtual(scroller, count, reading)
  useEffect(() => {
    scroller.current?.scrollTo(0, 0)
    setActive(({ column }) => ({ row: 0, column }))
  }, [table, sort, filters])

  const lines = down.getVirtualItems()
  const inSight = across.getVirtualItems()
  const last = lines.at(-1)?.index ?? 0
  useEffect(() => useBrowse.getState().need(last), [last, rows])
  const focus = useFocusCell(scroller)
  const words = useMemo(() => ({ empty: t('browse.empty'), bytes: format.bytes }), [t, format])
  const width = gutter + across.getTotalSize()

  function onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 3)
    const next = movedCell(event, active, { rows: rows.length, columns: columns.length, page })
    if (!next) return
    event.preventDefault()
    setActive(next)
    if (next.row >= 0) down.scrollToIndex(next.row)
    across.scrollToIndex(next.column)
    focus(next)
  }

  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={-1}
      aria-label={printable(table.name)}
      aria-rowcount={end ? rows.length + 1 : -1}
      aria-colcount={columns.length + 1}
      aria-busy={reading.loading}
      className="min-h-0 min-w-0 flex-1 overflow-auto bg-panel outline-none"
      onKeyDown={onKey}
    >
      <GridHead reading={reading} columns={inSight} width={width} reachable={active.column} />
      <div role="rowgroup" className="relative" style={{ height: down.getTotalSize(), width }}>
        {lines.map((line) => (
          <GridLine
            key={line.index}
            line={line}
            row={rows[line.index]}
            columns={columns}
            across={inSight}
            width={width}
            words={words}
            number={format.number}
            active={active}
            shown={shown}
            onActive={setActive}
            onShow={onShow}
          />
        ))}
      </div>
    </div>
  )
}

/** The rows and the columns that are in sight. */
function useVirtual(scroller: React.RefObject<HTMLDivElement | null>, count: number, { columns, first }: Reading) {
  const widths = useMemo(
    () =>
      (columns ?? []).map(({ name, type }, index) =>
        columnWidth(
          name,
          type,
          first.map((row) => row[index] ?? null),
        ),
      ),
    [columns, first],
  )
  const down = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  })
  const across = useVirtualizer({
    horizontal: true,
    count: widths.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? 100,
    overscan: 4,
    scrollMargin: gutter,
    scrollPaddingStart: gutter,
  })
  const { measure } = across
  useLayoutEffect(() => measure(), [widths, measure])
  return { down, across }
}

/** Moves the focus to a value or to the head of a column, as soon as it is drawn. */
function useFocusCell(scroller: React.RefObject<HTMLDivElement | null>) {
  const wanted = useRef<Place | null>(null)
  useLayoutEffect(() => {
    if (!wanted.current) return
    const { row, column } = wanted.current
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-cell="${row}:${column}"]`)
    if (!cell) return
    wanted.current = null
    const target = cell.querySelector<HTMLElement>('[data-head]') ?? cell
    target.focus({ preventScroll: true })
  })
  return (place: Place): void => {
    wanted.current = place
  }
}
