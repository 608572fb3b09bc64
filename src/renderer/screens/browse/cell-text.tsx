import { memo } from 'react'
import type { Cell } from '#shared/browse.ts'
import { printable } from '#shared/name.ts'
import type { CellKind } from './cell-kind.ts'

/** Further to the right nothing of it is seen. */
const drawn = 300

/** Made once for all cells: there are hundreds on the screen. */
export interface CellWords {
  empty: string
  bytes: (value: number) => string
}

interface CellTextProps {
  cell: Cell
  kind: CellKind
  words: CellWords
}

/** One value in one line: NULL, nothing, and a text that says so are told apart. */
export const CellText = memo(function CellText({ cell, kind, words }: CellTextProps) {
  if (cell === null) return <span className="text-ink-3 italic">NULL</span>
  if (cell === '') return <span className="text-ink-3 italic">{words.empty}</span>
  const text = typeof cell === 'string' ? cell : cell.text
  const look = kind === 'text' || kind === 'number' ? '' : 'font-mono text-xs'
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <bdi className={`min-w-0 flex-1 truncate whitespace-pre ${look} ${kind === 'number' ? 'text-right' : ''}`}>
        {printable(text.slice(0, drawn))}
        {(text.length > drawn || typeof cell !== 'string') && '…'}
      </bdi>
      {typeof cell !== 'string' && (
        <span className="shrink-0 rounded-[4px] bg-proof-0 px-1 text-xs text-ink-2">{words.bytes(cell.bytes)}</span>
      )}
    </span>
  )
})
