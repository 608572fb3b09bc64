import type { Copy, CopyTable } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Comparison } from '#shared/verification.ts'
import { pairTables, sameRows, writtenAlike } from './pair-tables.ts'

/** Two copies, table by table. The older one comes to the left. */
export function compareCopies(one: Copy, other: Copy): Comparison {
  const [left, right] = one.takenAt <= other.takenAt ? [one, other] : [other, one]
  return {
    left: { copyId: left.id, takenAt: left.takenAt },
    right: { kind: 'copy', copyId: right.id, takenAt: right.takenAt },
    tables: compareTables(knownTables(left), knownTables(right), writtenAlike(left, right)),
  }
}

/**
 * The tables of a copy that was read to its end.
 * @throws LifeboatFailure not-checkable where some of its tables may not be known: they would look as if they were gone
 */
export function knownTables(copy: Copy): CopyTable[] {
  if (areTablesKnown(copy)) return copy.tables
  const lost = copy.findings.find(({ kind }) => kind === 'manifest')
  const readable = copy.proofs.find(({ rung }) => rung === 'readable')
  throw new LifeboatFailure('not-checkable', 'What tables this copy holds is not known for certain.', {
    detail: lost?.detail ?? readable?.detail ?? 'It was never read to its end.',
  })
}

/** Whether a copy was read to its end, so that a table which is not in it was not in the database. */
export function areTablesKnown({ findings, proofs }: Pick<Copy, 'findings' | 'proofs'>): boolean {
  const readable = proofs.find(({ rung }) => rung === 'readable')
  return readable?.outcome === 'proven' && !findings.some(({ kind }) => kind === 'manifest')
}

/**
 * @param older tables of the earlier state
 * @param alike whether the same rows have the same fingerprint in both
 */
export function compareTables(
  older: readonly CopyTable[],
  newer: readonly CopyTable[],
  alike = true,
): Comparison['tables'] {
  return pairTables(older, newer).map(({ before, after, ...name }) => ({
    ...name,
    left: before?.rows ?? null,
    right: after?.rows ?? null,
    same: before && after ? sameRows(before, after, alike) : false,
    largeDrop: before !== null && after !== null && isLargeDrop(before.rows, after.rows),
  }))
}

const largeShare = 0.2
const largeRows = 100

/** Empty now and not before, or so many rows less that it is no day's work. */
export function isLargeDrop(before: number, after: number): boolean {
  const lost = before - after
  return (after === 0 && before > 0) || (lost > largeRows && lost > before * largeShare)
}
