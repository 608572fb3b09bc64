import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { EnvLine } from '#shared/vault.ts'
import { useReveal } from '../../stores/reveal.ts'
import { visibleLines } from '../../words/visible.ts'

/** longer than a row shows on the smallest window */
const longest = 24

/** A value that its row can not show whole: over the list, so that nothing moves under the finger that holds. */
export function HeldValue({ lines }: { lines: readonly EnvLine[] }) {
  const { t } = useTranslation()
  const place = useReveal((state) => state.place)
  const value = useReveal((state) => state.value)
  if (place === null || value === null || (value.length <= longest && !value.includes('\n'))) return null
  const line = lines.find((each) => each.line === place.line)
  return (
    <div className="float pointer-events-none absolute inset-x-3 bottom-3 z-20 p-3">
      <p className="mb-1 text-xs text-ink-3">
        {line?.kind === 'entry' ? printable(line.key) : t('vault.line', { line: place.line })}
      </p>
      <pre data-revealed className="max-h-48 overflow-hidden font-mono text-sm break-all whitespace-pre-wrap">
        {visibleLines(value)}
      </pre>
    </div>
  )
}
