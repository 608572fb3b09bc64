import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import { printable } from '#shared/name.ts'
import { call } from '../bridge.ts'
import { useView } from '../stores/view.ts'
import { useFormat } from '../words/format.ts'
import type { Entry } from './entries.ts'

const settleMs = 120
const shown = 6

/** Copies that fit what was typed, newest first. */
export function useFoundCopies(search: string): Entry[] {
  const { t } = useTranslation()
  const format = useFormat()
  const [copies, setCopies] = useState<readonly CopyRow[]>([])
  useEffect(() => {
    const text = search.trim()
    let wanted = true
    const timer = setTimeout(() => {
      if (text === '') return setCopies([])
      void call('copy.list', { text, limit: shown }).then(
        (found) => wanted && setCopies(found.copies),
        () => wanted && setCopies([]),
      )
    }, settleMs)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [search])
  return copies.map((copy) => ({
    id: `copy ${copy.id}`,
    group: t('nav.copies'),
    title: `${printable(copy.server)} · ${format.dateTime(copy.takenAt)}`,
    label: copy.label,
    run: () => useView.getState().go({ screen: 'copy', id: copy.id }),
  }))
}
