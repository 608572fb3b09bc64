import { useCallback, useMemo } from 'react'
import { FileMinus, FilePlus, Minus, Pencil, Pilcrow, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Difference } from '#shared/vault.ts'
import { DataGrid, type Column } from '../../parts/data-grid.tsx'
import { Name } from '../../parts/label.tsx'
import { rowsOf, type ChangeKind, type DifferenceRow } from './difference-rows.ts'

/** What the right side is: another seal, or the server. */
type Sides = 'seal' | 'server'

interface DifferenceTableProps {
  difference: Difference & { missing?: string[] }
  sides: Sides
  /** pixels; without it the table takes the height it is given */
  maxHeight?: number
}

/** Key by key what differs, file by file; the values stay where they are. */
export function DifferenceTable({ difference, sides, maxHeight }: DifferenceTableProps) {
  const { t } = useTranslation()
  const rows = useMemo(() => rowsOf(difference), [difference])
  const rowAt = useCallback((index: number) => rows[index], [rows])
  const columns = useMemo(
    (): Column<DifferenceRow>[] => [
      {
        id: 'key',
        header: t('vault.key'),
        track: 'minmax(140px,1.6fr)',
        cell: ({ key }) =>
          key === null ? (
            <span className="text-ink-3">{t('vault.wholeFile')}</span>
          ) : (
            <span className="flex min-w-0 font-mono text-sm">
              <Name text={key} />
            </span>
          ),
      },
      {
        id: 'file',
        header: t('vault.file'),
        track: 'minmax(96px,1fr)',
        cell: ({ file }) => (
          <span className="flex min-w-0 text-ink-2">
            <Name text={file} />
          </span>
        ),
      },
      {
        id: 'what',
        header: t('vault.what'),
        track: 'minmax(150px,1.2fr)',
        cell: ({ kind }) => <ChangeText kind={kind} sides={sides} />,
      },
    ],
    [t, sides],
  )
  return (
    <DataGrid
      label={t('vault.differences')}
      columns={columns}
      count={rows.length}
      rowAt={rowAt}
      rowHeight={32}
      {...(maxHeight === undefined ? {} : { maxHeight })}
    />
  )
}

const marks: Record<ChangeKind, { Mark: typeof Minus; ink: string }> = {
  gone: { Mark: Minus, ink: 'text-care' },
  'file-gone': { Mark: FileMinus, ink: 'text-care font-semibold' },
  changed: { Mark: Pencil, ink: 'text-ink-1' },
  new: { Mark: Plus, ink: 'text-accent' },
  'file-new': { Mark: FilePlus, ink: 'text-accent font-semibold' },
  otherwise: { Mark: Pilcrow, ink: 'text-ink-2' },
}

/** As mark and words: no colour has to be seen for it. */
function ChangeText({ kind, sides }: { kind: ChangeKind; sides: Sides }) {
  const { t } = useTranslation()
  const { Mark, ink } = marks[kind]
  const text = sides === 'server' ? t(`vault.changeServer.${kind}`) : t(`vault.changeSeal.${kind}`)
  return (
    <span className={`inline-flex max-w-full min-w-0 items-center gap-1.5 align-bottom ${ink}`} title={text}>
      <Mark size={14} aria-hidden className="shrink-0" />
      <span className="truncate">{text}</span>
    </span>
  )
}
