import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useFormat, type Format } from '../../words/format.ts'
import { outcomeOf, type TableOutcome, type Verdict } from './verdict.ts'

const inks: Record<TableOutcome, string> = {
  proven: 'text-proven',
  damaged: 'text-damaged',
  'not-checked': 'text-ink-3',
}

/** The verdict on one table as mark and words; what was not checked says why. */
export function VerdictText({ verdict, note }: { verdict: Verdict; note: string | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const outcome = outcomeOf(verdict)
  return (
    <span className={`flex min-w-0 items-center gap-1.5 ${inks[outcome]}`}>
      <OutcomeMark outcome={outcome} size={13} />
      <span className="min-w-0 truncate">
        {verdictWords(verdict, t, format)}
        {outcome !== 'proven' && note !== null && t('sentence.colon') + printable(note)}
      </span>
    </span>
  )
}

export function verdictWords(verdict: Verdict, t: TFunction, format: Format): string {
  switch (verdict.kind) {
    case 'rows':
      return t('verify.verdict.rows', { rows: signed(verdict.rows, format), count: Math.abs(verdict.rows) })
    case 'source-rows':
      return t('verify.verdict.source-rows', { rows: signed(verdict.rows, format), count: Math.abs(verdict.rows) })
    case 'equal':
    case 'equal-to-dump':
    case 'content':
    case 'missing':
    case 'source-content':
    case 'unchecked':
      return t(`verify.verdict.${verdict.kind}`)
  }
}

function signed(rows: number, format: Format): string {
  return `${rows < 0 ? '−' : '+'}${format.number(Math.abs(rows))}`
}
