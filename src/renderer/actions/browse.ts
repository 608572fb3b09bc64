import i18next from 'i18next'
import { printable } from '#shared/name.ts'
import { call } from '../bridge.ts'
import { useBrowse, viewOf, type Reading } from '../stores/browse.ts'
import { useNotices } from '../stores/notices.ts'
import { formatFor } from '../words/format.ts'
import { perform, words } from './perform.ts'

const mostInCsv = 100_000

/** Writes the rows of a table, in this order and with these filters, where the operator wants them. */
export async function saveCsv(reading: Reading): Promise<void> {
  const t = words()
  const sandboxId = useBrowse.getState().sandboxId ?? ''
  await perform(t('browse.saveCsv'), async () => {
    const { csv, rows, end, formulas } = await call('browse.csv', { ...viewOf(sandboxId, reading), limit: mostInCsv })
    const { file } = await call('shell.saveText', { name: `${fileName(reading.table.name)}.csv`, text: csv })
    if (file === null) return
    const counted = formatFor(i18next.language).number(rows)
    useNotices.getState().tell({
      kind: formulas ? 'failure' : 'plain',
      title: end ? t('browse.saved', { count: rows, rows: counted }) : t('browse.savedSome', { rows: counted }),
      text: formulas ? `${printable(file)}\n${t('browse.formulas')}` : printable(file),
    })
  })
}

/** A name that every system takes. */
export function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_').slice(0, 80) || 'table'
}
