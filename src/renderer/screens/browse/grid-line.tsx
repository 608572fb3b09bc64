import type { VirtualItem } from '@tanstack/react-virtual'
import { useTranslation } from 'react-i18next'
import type { BrowseColumn, Cell } from '#shared/browse.ts'
import { cellKind } from './cell-kind.ts'
import { CellText, type CellWords } from './cell-text.tsx'
import { gutter, headHeight } from './measures.ts'
import { samePlace, type Place } from './moved-cell.ts'

interface GridLineProps {
  line: VirtualItem
  /** undefined while it is on its way */
  row: readonly Cell[] | undefined
  columns: readonly BrowseColumn[]
  /** the columns on the screen */
  across: readonly VirtualItem[]
  width: number
  words: CellWords
  number: (value: number) => string
  /** the value that the tab key stops at */
  active: Place
  /** the value that is shown beside */
  shown: Place | null
  onActive: (place: Place) => void
  onShow: (place: Place) => void
}

/** One row: its number, which stays at the left, and the values that are in sight. */
export function GridLine(props: GridLineProps) {
  const { line, row, columns, across, width, words, number, active, shown, onActive, onShow } = props
  return (
    <div
      role="row"
      aria-rowindex={line.index + 2}
      className="row-line absolute top-0 left-0"
      style={{ height: line.size, width, transform: `translateY(${line.start - headHeight}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        className="sticky left-0 z-1 flex h-full items-center justify-end bg-panel pr-2.5 text-xs text-ink-3"
        style={{ width: gutter }}
      >
        {row ? number(line.index + 1) : ''}
      </div>
      {row === undefined && <Awaited />}
      {across.map(({ index, start, size }) => {
        const cell = row?.[index]
        const column = columns[index]
        if (cell === undefined || !column) return null
        const place = { row: line.index, column: index }
        const here = samePlace(shown, place)
        return (
          <div
            key={index}
            role="gridcell"
            aria-colindex={index + 2}
            aria-selected={here}
            data-cell={`${line.index}:${index}`}
            tabIndex={samePlace(active, place) ? 0 : -1}
            onFocus={() => onActive(place)}
            onClick={() => onShow(place)}
            onKeyDown={(event) => event.key === 'Enter' && onShow(place)}
            className={`absolute top-0 flex h-full min-w-0 flex-col justify-center px-2.5 focus-visible:-outline-offset-2 ${here ? 'bg-accent-soft' : 'hover:bg-hover'}`}
            style={{ left: start, width: size }}
          >
            <CellText cell={cell} kind={cellKind(column.type)} words={words} />
          </div>
        )
      })}
    </div>
  )
}

/** A sign of life in the place of rows that are on their way. */
function Awaited() {
  const { t } = useTranslation()
  return (
    <div
      role="gridcell"
      className="absolute top-1/2 h-2.5 w-60 -translate-y-1/2 overflow-hidden rounded-full bg-proof-0"
      style={{ left: gutter + 10 }}
    >
      <span className="sr-only">{t('state.loading')}</span>
      <div className="animate-sweep absolute inset-y-0 w-1/3 rounded-full bg-hover" />
    </div>
  )
}
