import type { TFunction } from 'i18next'
import type { VerifyFinding } from '#shared/verification.ts'
import { isFindingKind } from '../copy/finding-words.ts'

/** What a verification can find beside what reading finds. */
export const verifyFindingKinds = [
  'load-error',
  'table-differs',
  'table-missing',
  'object-missing',
  'object-invalid',
  'sequence-differs',
  'large-object-differs',
  'source-differs',
] as const

/** The finding in few words; null for a kind that this version has no words for: then its own sentence has to do. */
export function headlineOfFinding({ kind }: Pick<VerifyFinding, 'kind'>, t: TFunction): string | null {
  if (isFindingKind(kind)) return t(`finding.kind.${kind}`)
  const known = verifyFindingKinds.find((each) => each === kind)
  return known === undefined ? null : t(`verify.finding.${known}`)
}
