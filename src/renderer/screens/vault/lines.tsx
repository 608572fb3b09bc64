import { useCallback, useEffect, useMemo, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnvLine, SealedFile } from '#shared/vault.ts'
import { copyValue, holdValue } from '../../actions/vault.ts'
import { DataGrid } from '../../parts/data-grid.tsx'
import { useReveal } from '../../stores/reveal.ts'
import { HeldValue } from './held-value.tsx'
import { canShow, useLineColumns } from './line-columns.tsx'

interface LinesProps {
  id: string
  file: SealedFile
}

/** The lines of one file in their order. Space, Enter or the eye shows a value while it is held. */
export function Lines({ id, file }: LinesProps) {
  const { t } = useTranslation()
  const lines = useMemo(() => file.lines.filter(({ kind }) => kind !== 'blank'), [file])
  const rowAt = useCallback((index: number) => lines[index], [lines])
  const placeOf = useCallback((line: EnvLine) => ({ id, file: file.name, line: line.line }), [id, file.name])
  const columns = useLineColumns(placeOf)
  useReleaseOnLeave()

  function onKey(event: KeyboardEvent): void {
    const line = lineOf(event, lines)
    // A button of the row does what it says with its own keys.
    if (line === undefined || event.target instanceof HTMLButtonElement) return
    if (event.key === ' ' || (event.key === 'Enter' && !event.ctrlKey)) {
      event.preventDefault()
      if (!event.repeat && canShow(line)) holdValue(placeOf(line))
    } else if (event.key.toLowerCase() === 'c' && !event.altKey && !event.shiftKey && canShow(line)) {
      event.preventDefault()
      if (!event.repeat) copyValue(placeOf(line), line)
    }
  }

  return (
    <div role="presentation" onKeyDown={onKey} className="flex min-h-0 flex-1 flex-col">
      <DataGrid label={t('vault.lines')} columns={columns} count={lines.length} rowAt={rowAt} startOver={file.name} />
      <HeldValue lines={lines} />
    </div>
  )
}

function lineOf({ target }: KeyboardEvent, lines: readonly EnvLine[]): EnvLine | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  return row ? lines[Number(row.dataset['row'])] : undefined
}

/** A value goes with the finger: also when the window loses the focus, is hidden, or the screen is left. */
function useReleaseOnLeave(): void {
  useEffect(() => {
    const { release } = useReveal.getState()
    const ends = ['pointerup', 'pointercancel', 'keyup', 'blur'] as const
    for (const name of ends) window.addEventListener(name, release)
    document.addEventListener('visibilitychange', release)
    return () => {
      for (const name of ends) window.removeEventListener(name, release)
      document.removeEventListener('visibilitychange', release)
      release()
    }
  }, [])
}
