import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BrowseColumn, Cell } from '#shared/browse.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { copyText } from '../../actions/desktop.ts'
import { call } from '../../bridge.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Name } from '../../parts/label.tsx'
import { Waiting } from '../../parts/panel.tsx'
import { useFormat } from '../../words/format.ts'
import { visibleLines } from '../../words/visible.ts'
import { cellKind } from './cell-kind.ts'
import type { Place } from './moved-cell.ts'
import { prettyJson } from './pretty-json.ts'

interface ValuePanelProps {
  cursorId: string
  column: BrowseColumn
  cell: Cell
  place: Place
  onClose: () => void
}

/** More is not drawn: a window that stands still helps nobody. */
const drawn = 200_000
const longestCopied = 100_000

/** One value whole, as text, beside the table. */
export function ValuePanel(props: ValuePanelProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { column, cell, place, onClose } = props
  const { text, cut, failure } = useWhole(props)
  return (
    <aside
      aria-label={t('browse.wholeValue')}
      className="absolute inset-y-0 right-0 z-20 flex w-68 max-w-full flex-col border-l bg-panel @[860px]:static @[860px]:w-80 @[860px]:shrink-0"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="flex h-12 shrink-0 items-center gap-2 border-b pr-2 pl-3.5">
        <div className="flex min-w-0 flex-1 flex-col">
          <span className="flex min-w-0 gap-1.5 font-semibold">
            <Name text={column.name} />
            <span className="shrink-0 font-normal text-ink-3">
              {t('browse.inRow', { row: format.number(place.row + 1) })}
            </span>
          </span>
          <Name text={column.type} className="font-mono text-[11px] leading-4 text-ink-3" />
        </div>
        <IconButton label={t('action.close')} onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-auto p-3.5" tabIndex={0}>
        {failure && <FailureNote failure={failure} bare />}
        {text === undefined && !failure && <Waiting text={t('state.loading')} />}
        {text === null && <p className="text-ink-3 italic">NULL</p>}
        {text === '' && <p className="text-ink-3 italic">{t('browse.empty')}</p>}
        {text && (
          <pre className="selectable font-mono text-xs [overflow-wrap:anywhere] whitespace-pre-wrap">
            {visibleLines(shapeOf(text, column.type).slice(0, drawn))}
          </pre>
        )}
      </div>
      <div className="flex min-h-12 shrink-0 items-center gap-2 border-t px-3.5 py-2">
        <span className="min-w-0 flex-1 text-sm text-ink-3">
          {text && (cut || text.length > drawn) ? t('browse.begins') : sizeOf(cell, format.bytes)}
        </span>
        {text && text.length <= longestCopied && !cut && (
          <Button small onClick={() => copyText(text)}>
            {t('browse.copyValue')}
          </Button>
        )}
      </div>
    </aside>
  )
}

interface Whole {
  /** undefined while it is on its way */
  text: string | null | undefined
  cut: boolean
  failure: Failure | null
}

/** What the page has cut is asked for. */
function useWhole({ cursorId, cell, place }: ValuePanelProps): Whole {
  const [asked, setAsked] = useState<Whole & { cell: Cell }>({ cell: null, text: undefined, cut: false, failure: null })
  const { row, column } = place
  const long = cell !== null && typeof cell !== 'string'
  useEffect(() => {
    if (!long) return undefined
    let gone = false
    setAsked({ cell, text: undefined, cut: false, failure: null })
    call('browse.value', { cursorId, row, column }).then(
      (value) => gone || setAsked({ cell, ...value, failure: null }),
      (error: unknown) => gone || setAsked({ cell, text: undefined, cut: false, failure: toFailure(error) }),
    )
    return () => {
      gone = true
    }
  }, [cursorId, row, column, cell, long])
  if (!long) return { text: cell, cut: false, failure: null }
  return asked.cell === cell ? asked : { text: undefined, cut: false, failure: null }
}

function shapeOf(text: string, type: string): string {
  return cellKind(type) === 'json' ? prettyJson(text) : text
}

function sizeOf(cell: Cell, bytes: (value: number) => string): string {
  if (cell === null || cell === '') return ''
  return bytes(typeof cell === 'string' ? new TextEncoder().encode(cell).length : cell.bytes)
}
