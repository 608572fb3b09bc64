import { useMemo } from 'react'
import { Copy, Eye } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { EnvLine } from '#shared/vault.ts'
import { copyValue, holdValue } from '../../actions/vault.ts'
import { IconButton } from '../../parts/button.tsx'
import type { Column } from '../../parts/data-grid.tsx'
import { Name } from '../../parts/label.tsx'
import { useReveal, type Place } from '../../stores/reveal.ts'
import { useFormat } from '../../words/format.ts'

/** Behind the `=` of an empty entry there is nothing to see. */
export function canShow(line: EnvLine): boolean {
  return line.kind !== 'blank' && !(line.kind === 'entry' && line.empty)
}

type PlaceOf = (line: EnvLine) => Place

export function useLineColumns(placeOf: PlaceOf): readonly Column<EnvLine>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return useMemo(
    (): Column<EnvLine>[] => [
      {
        id: 'line',
        header: t('vault.lineHead'),
        track: '44px',
        right: true,
        cell: ({ line }) => <span className="text-xs text-ink-3">{format.number(line)}</span>,
      },
      {
        id: 'key',
        header: t('vault.key'),
        track: 'minmax(140px,1.2fr)',
        cell: (line) => <Key line={line} />,
      },
      {
        id: 'value',
        header: t('vault.value'),
        track: 'minmax(140px,1.4fr)',
        cell: (line) => <Value line={line} place={placeOf(line)} />,
      },
      {
        id: 'notes',
        header: t('vault.notes'),
        track: 'minmax(100px,1fr)',
        hideBelow: 560,
        cell: (line) => <Notes line={line} />,
      },
      {
        id: 'actions',
        header: <span className="sr-only">{t('vault.actions')}</span>,
        track: '64px',
        right: true,
        cell: (line) => canShow(line) && <Actions line={line} place={placeOf(line)} />,
      },
    ],
    [t, format, placeOf],
  )
}

function Key({ line }: { line: EnvLine }) {
  const { t } = useTranslation()
  if (line.kind !== 'entry')
    return <span className="text-ink-3">{t(line.kind === 'comment' ? 'vault.comment' : 'vault.otherLine')}</span>
  return (
    <span className={`flex min-w-0 font-mono text-sm ${line.overridden ? 'text-ink-3 line-through' : 'font-semibold'}`}>
      <Name text={line.key} />
    </span>
  )
}

/** Eight dots, however long it is; the value itself only while it is held. */
function Value({ line, place }: { line: EnvLine; place: Place }) {
  const { t } = useTranslation()
  const value = useReveal(({ place: held, value }) =>
    held?.id === place.id && held.file === place.file && held.line === place.line ? value : null,
  )
  if (line.kind === 'entry' && line.empty) return <span className="text-ink-3">{t('vault.noValue')}</span>
  if (value !== null) {
    return (
      <span data-revealed className="block truncate rounded-[4px] -ml-1.5 bg-care-soft px-1.5 font-mono text-sm">
        {printable(value)}
      </span>
    )
  }
  return (
    <span className="tracking-widest text-ink-3">
      <span aria-hidden>••••••••</span>
      <span className="sr-only">{t('vault.masked')}</span>
    </span>
  )
}

/** What is particular about the way it is written. */
function Notes({ line }: { line: EnvLine }) {
  const { t } = useTranslation()
  if (line.kind !== 'entry') return null
  const notes = [
    ...(line.overridden ? [t('vault.note.overridden')] : []),
    ...(line.lines > 1 ? [t('vault.note.lines', { count: line.lines })] : []),
    ...(line.references ? [t('vault.note.references')] : []),
    ...(line.exported ? ['export'] : []),
    ...(line.quote === 'none' ? [] : [t(`vault.quote.${line.quote}`)]),
  ]
  const text = notes.join(t('vault.between'))
  return (
    <span title={text} className="text-sm text-ink-2">
      {text}
    </span>
  )
}

/** For the mouse; the row's own keys do the same, so that Tab does not stop at every row. */
function Actions({ line, place }: { line: EnvLine; place: Place }) {
  const { t } = useTranslation()
  const name = line.kind === 'entry' ? printable(line.key) : t('vault.line', { line: line.line })
  return (
    <span className="inline-flex">
      <IconButton
        tabIndex={-1}
        label={t('vault.revealNamed', { name })}
        onPointerDown={(event) => event.button === 0 && holdValue(place)}
      >
        <Eye size={15} aria-hidden />
      </IconButton>
      <IconButton tabIndex={-1} label={t('vault.copyNamed', { name })} onClick={() => copyValue(place, line)}>
        <Copy size={14} aria-hidden />
      </IconButton>
    </span>
  )
}
