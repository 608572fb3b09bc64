import { CircleDashed, Equal, Minus, Pencil, Plus, TrendingDown, TriangleAlert, TrendingUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Difference } from './difference.ts'

const marks: Record<Difference, { Mark: typeof Equal; ink: string }> = {
  gone: { Mark: Minus, ink: 'text-damaged font-semibold' },
  drop: { Mark: TriangleAlert, ink: 'text-care font-semibold' },
  fewer: { Mark: TrendingDown, ink: 'text-ink-1' },
  new: { Mark: Plus, ink: 'text-accent' },
  more: { Mark: TrendingUp, ink: 'text-ink-2' },
  edited: { Mark: Pencil, ink: 'text-ink-2' },
  unknown: { Mark: CircleDashed, ink: 'text-ink-3' },
  same: { Mark: Equal, ink: 'text-ink-3' },
}

/** What became of a table, as mark and words: no colour has to be seen for it. */
export function DifferenceText({ difference }: { difference: Difference }) {
  const { t } = useTranslation()
  const { Mark, ink } = marks[difference]
  return (
    <span className={`inline-flex min-w-0 items-center gap-1.5 ${ink}`}>
      <Mark size={14} aria-hidden className="shrink-0" />
      <span className="truncate">{t(`compare.difference.${difference}`)}</span>
    </span>
  )
}
