import type { TFunction } from 'i18next'
import { failureKinds, type FailureKind } from '#shared/failure.ts'
import type { VerifyFinding } from '#shared/verification.ts'
import { isFindingKind } from '../copy/finding-words.ts'

/** What a verification finds beside what reading finds. */
export const verifyFindingKinds = [
  'load-error',
  'database-missing',
  'table-missing',
  'not-in-dump',
  'column-missing',
  'rows-differ',
  'values-differ',
  'table-not-compared',
  'object-missing',
  'object-invalid',
  'object-changed',
  'object-not-compared',
  'grant-missing',
  'comments-missing',
  'sequence-behind',
  'constraint-not-valid',
  'extension-version',
  'collation-version',
  'table-emptied',
  'table-gone',
  'table-without-data',
  'definitions-only',
  'roles-only',
] as const

/** The finding in few words; null for a kind that this version has no words for: then its own sentence has to do. */
export function headlineOfFinding({ kind }: Pick<VerifyFinding, 'kind'>, t: TFunction): string | null {
  if (isFindingKind(kind)) return t(`finding.kind.${kind}`)
  const failure = failureKindOf(kind)
  if (failure !== null) return t(`failure.${failure}.title`)
  const known = verifyFindingKinds.find((each) => each === kind)
  return known === undefined ? null : t(`verify.finding.${known}`)
}

/** A sandbox that could not be had is told by the kind of its failure. */
export function failureKindOf(kind: string): FailureKind | null {
  return failureKinds.find((each) => each === kind) ?? null
}
