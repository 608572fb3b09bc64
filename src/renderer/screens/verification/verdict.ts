import type { VerifiedTable } from '#shared/verification.ts'

/** What can be said about one table: `rows` and `source-rows` carry how many more (or fewer) there are. */
export type Verdict =
  | { kind: 'equal' | 'equal-to-dump' | 'content' | 'missing' | 'source-content' | 'unchecked' }
  | { kind: 'rows' | 'source-rows'; rows: number }

export function verdictOf(table: VerifiedTable): Verdict {
  const { dumpRows, restoredRows, sourceRows } = table
  if (table.match === null) return { kind: 'unchecked' }
  if (!table.match) {
    if (restoredRows === null) return { kind: 'missing' }
    return restoredRows === dumpRows ? { kind: 'content' } : { kind: 'rows', rows: restoredRows - dumpRows }
  }
  if (table.sourceMatch === null) return { kind: 'equal-to-dump' }
  if (table.sourceMatch) return { kind: 'equal' }
  return sourceRows === null || sourceRows === dumpRows
    ? { kind: 'source-content' }
    : { kind: 'source-rows', rows: sourceRows - dumpRows }
}

export type TableOutcome = 'proven' | 'damaged' | 'not-checked'

export function outcomeOf({ kind }: Verdict): TableOutcome {
  switch (kind) {
    case 'equal':
    case 'equal-to-dump':
      return 'proven'
    case 'unchecked':
      return 'not-checked'
    case 'rows':
    case 'content':
    case 'missing':
    case 'source-rows':
    case 'source-content':
      return 'damaged'
  }
}

const worstFirst: readonly TableOutcome[] = ['damaged', 'not-checked', 'proven']

export interface JudgedTable {
  table: VerifiedTable
  verdict: Verdict
  outcome: TableOutcome
}

/** Every table with its verdict: damaged ones first, then those that were not checked, the largest on top. */
export function judge(tables: readonly VerifiedTable[]): JudgedTable[] {
  return tables
    .map((table) => {
      const verdict = verdictOf(table)
      return { table, verdict, outcome: outcomeOf(verdict) }
    })
    .toSorted(
      (a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome) || b.table.dumpRows - a.table.dumpRows,
    )
}

export interface Counts {
  all: number
  damaged: number
  unchecked: number
  /** equal to the dump */
  equal: number
  /** equal to the source as well */
  source: number
}

export function countsOf(tables: readonly JudgedTable[]): Counts {
  const having = (outcome: TableOutcome): number => tables.filter((each) => each.outcome === outcome).length
  return {
    all: tables.length,
    damaged: having('damaged'),
    unchecked: having('not-checked'),
    equal: tables.filter(({ table }) => table.match === true).length,
    source: tables.filter(({ table }) => table.match === true && table.sourceMatch === true).length,
  }
}
