import { memo, type ReactNode } from 'react'

interface GridRowProps {
  index: number
  /** pixels from the top of the list */
  top: number
  height: number
  template: string
  /** the one row that the tab key stops at */
  reachable: boolean
  draw: (index: number) => ReactNode
  onFocus: (index: number) => void
  onOpen: ((index: number) => void) | null
}

/** One row of a grid. Remembered, so that scrolling draws only the rows that come into sight. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, top, height, template, reachable, draw, onFocus, onOpen } = props
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
      {draw(index)}
    </div>
  )
})
