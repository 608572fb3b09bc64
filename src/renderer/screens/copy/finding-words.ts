import type { TFunction } from 'i18next'
import type { CopyFinding } from '#shared/copy.ts'
import { findingWeight, type FindingKind } from '#shared/dump-report.ts'
import { printable } from '#shared/name.ts'
import type { Format } from '../../words/format.ts'

const weights = ['damaged', 'refused', 'not-checked', 'note'] as const
export type Weight = (typeof weights)[number]

export function isFindingKind(kind: string): kind is FindingKind {
  return Object.hasOwn(findingWeight, kind)
}

/** What a later version calls something that this one does not know is taken as not checked, never as good. */
export function weightOf({ kind }: CopyFinding): Weight {
  return isFindingKind(kind) ? findingWeight[kind] : 'not-checked'
}

export function byWeight(findings: readonly CopyFinding[]): CopyFinding[] {
  return findings.toSorted((a, b) => weights.indexOf(weightOf(a)) - weights.indexOf(weightOf(b)))
}

/** The finding that decided; null when there are only notes. */
export function worstFinding(findings: readonly CopyFinding[]): CopyFinding | null {
  const [worst] = byWeight(findings)
  return worst && weightOf(worst) !== 'note' ? worst : null
}

export function headline(finding: CopyFinding, t: TFunction): string {
  return isFindingKind(finding.kind) ? t(`finding.kind.${finding.kind}`) : printable(finding.kind)
}

/** Where it is: table, line, byte, as far as they are known. */
export function placeOf(finding: CopyFinding, t: TFunction, format: Format): string[] {
  return [
    ...(finding.table === null ? [] : [t('finding.table', { table: printable(finding.table) })]),
    ...(finding.line === null ? [] : [t('finding.line', { line: format.number(finding.line) })]),
    ...(finding.byte === null ? [] : [t('finding.byte', { byte: format.number(finding.byte) })]),
  ]
}

/** A finding in few words, for the ladder. */
export function findingWords(finding: CopyFinding, t: TFunction, format: Format): string[] {
  return [headline(finding, t), ...placeOf(finding, t, format).slice(0, 2)]
}
