import type { Comparison } from '#shared/verification.ts'

export type ComparedTable = Comparison['tables'][number]
export type Difference = 'gone' | 'new' | 'drop' | 'fewer' | 'more' | 'edited' | 'unknown' | 'same'

/** What there is to say about a table; the worst first. */
export const differences = ['gone', 'drop', 'fewer', 'new', 'more', 'edited', 'unknown', 'same'] as const

export function differenceOf({ left, right, same, largeDrop }: ComparedTable): Difference {
  if (right === null) return 'gone'
  if (left === null) return 'new'
  if (largeDrop) return 'drop'
  if (right !== left) return right < left ? 'fewer' : 'more'
  if (same === null) return 'unknown'
  return same ? 'same' : 'edited'
}

/** As many rows, and the content may be the same: nothing that catches the eye. */
export function isDifferent(table: ComparedTable): boolean {
  const difference = differenceOf(table)
  return difference !== 'same' && difference !== 'unknown'
}

export function nameOf({ database, schema, name }: ComparedTable): string {
  return [...(database === null ? [] : [database]), schema, name].join('.')
}
