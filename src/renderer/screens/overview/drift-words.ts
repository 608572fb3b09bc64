import type { TFunction } from 'i18next'
import type { Care } from '#shared/overview.ts'

/** What differs between the server's `.env` files and what is sealed, as pieces of one sentence. */
export function driftParts(seen: Extract<Care, { kind: 'drift' }>, t: TFunction): string[] {
  const parts: [number, string][] = [
    [seen.added, t('care.keysAdded', { count: seen.added })],
    [seen.removed, t('care.keysRemoved', { count: seen.removed })],
    [seen.changed, t('care.keysChanged', { count: seen.changed })],
    [seen.unsealed, t('care.filesUnsealed', { count: seen.unsealed })],
    [seen.missing, t('care.filesMissing', { count: seen.missing })],
    [seen.otherwise, t('care.filesOtherwise', { count: seen.otherwise })],
  ]
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : []))
}
