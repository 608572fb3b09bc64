import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Changes } from '#shared/copy.ts'
import type { Failure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Waiting } from '../../parts/panel.tsx'
import { useCopy } from '../../stores/copy.ts'
import { useView } from '../../stores/view.ts'
import { useFormat } from '../../words/format.ts'
import { Sentence } from '../../words/sentence.tsx'

/** What changed since the copy before of the same database, as sentences. */
export function ChangesPanel() {
  const { t } = useTranslation()
  const format = useFormat()
  const go = useView((state) => state.go)
  const { changes, changesFailure } = useCopy()
  const before = changes?.before ?? null
  return (
    <section aria-label={t('changes.title')} className="rounded-panel border bg-panel px-4.5 py-3.5">
      <h2 className="text-sm text-ink-3">
        {before ? t('changes.since', { when: format.dateTime(before.takenAt) }) : t('changes.title')}
      </h2>
      <div className="mt-2 flex flex-col gap-1">
        {changes ? (
          before ? (
            <Sentences changes={changes} />
          ) : (
            <p className="text-ink-2">{t('changes.first')}</p>
          )
        ) : changesFailure ? (
          <NotKnown failure={changesFailure} />
        ) : (
          <Waiting text={t('state.loading')} />
        )}
      </div>
      {before && (
        <button
          type="button"
          onClick={() => go({ screen: 'copy', id: before.id })}
          className="mt-3 rounded-[4px] text-sm text-accent hover:underline"
        >
          {t('changes.showBefore')}
        </button>
      )}
    </section>
  )
}

/** A copy that was not read to its end is no failure of the comparison: its page says elsewhere what is wrong with it. */
function NotKnown({ failure }: { failure: Failure }) {
  const { t } = useTranslation()
  if (failure.kind === 'not-checkable') return <p className="text-ink-2">{t('changes.unread')}</p>
  return <FailureNote bare failure={failure} retry={() => void useCopy.getState().refresh()} />
}

function Sentences({ changes }: { changes: Changes }) {
  const { t } = useTranslation()
  const format = useFormat()
  const grown = changes.rows.filter(({ before, now }) => now > before)
  const shrunk = changes.rows
    .filter(({ before, now }) => now < before)
    .toSorted((a, b) => a.now - a.before - (b.now - b.before))
  const sum = (rows: Changes['rows']): number => rows.reduce((total, { before, now }) => total + now - before, 0)
  const lines: ReactNode[] = []
  if (grown.length > 0) {
    lines.push(
      <Sentence
        k="changes.grown"
        count={grown.length}
        values={{ rows: <Rows sign="+" rows={sum(grown)} />, count: format.number(grown.length) }}
      />,
    )
  }
  for (const table of shrunk.slice(0, 3)) {
    lines.push(
      <Sentence
        k="changes.shrunk"
        values={{
          rows: <Rows sign="−" rows={table.before - table.now} />,
          table: <Strong>{printable(table.table)}</Strong>,
        }}
      />,
    )
  }
  if (shrunk.length > 3) lines.push(t('changes.moreShrunk', { count: shrunk.length - 3 }))
  if (changes.edited.length > 0) lines.push(t('changes.edited', { count: changes.edited.length }))
  if (changes.unknown.length > 0) lines.push(t('changes.unknown', { count: changes.unknown.length }))
  if (changes.tablesAdded.length > 0) lines.push(<Tables k="changes.added" names={changes.tablesAdded} />)
  if (changes.tablesGone.length > 0) lines.push(<Tables k="changes.gone" names={changes.tablesGone} />)
  if (lines.length === 0) lines.push(t('changes.nothing'))
  else if (changes.tablesAdded.length === 0 && changes.tablesGone.length === 0) lines.push(t('changes.sameTables'))
  return (
    <>
      {lines.map((line, index) => (
        <p key={index} className="break-words">
          {line}
        </p>
      ))}
    </>
  )
}

/** "+12 rows", the figure in bold. */
function Rows({ sign, rows }: { sign: string; rows: number }) {
  const format = useFormat()
  return <Sentence k="evidence.rows" count={rows} values={{ rows: <Strong>{sign + format.number(rows)}</Strong> }} />
}

function Strong({ children }: { children: ReactNode }) {
  return <b className="font-semibold break-all">{children}</b>
}

function Tables({ k, names }: { k: 'changes.added' | 'changes.gone'; names: readonly string[] }) {
  const format = useFormat()
  const shown = names.slice(0, 4).map(printable)
  if (names.length > 4) shown.push('…')
  return (
    <Sentence
      k={k}
      count={names.length}
      values={{ count: format.number(names.length), names: <Strong>{shown.join(', ')}</Strong> }}
    />
  )
}
