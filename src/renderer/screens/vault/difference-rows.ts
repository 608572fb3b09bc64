import type { Difference, FileDifference } from '#shared/vault.ts'

/** What became of a key, or of a whole file, from left to right. */
export const changeKinds = ['gone', 'file-gone', 'changed', 'new', 'file-new', 'otherwise'] as const
export type ChangeKind = (typeof changeKinds)[number]

export interface DifferenceRow {
  file: string
  /** null: it is about the file as a whole */
  key: string | null
  kind: ChangeKind
}

/** Every difference as a row, file by file; in each what is gone, changed, new. */
export function rowsOf({ files, missing = [] }: Difference & { missing?: readonly string[] }): DifferenceRow[] {
  return [
    ...missing.map((file): DifferenceRow => ({ file, key: null, kind: 'file-gone' })),
    ...files.filter(({ name }) => !missing.includes(name)).flatMap(rowsOfFile),
  ]
}

function rowsOfFile({ name: file, in: where, added, removed, changed, otherwise }: FileDifference): DifferenceRow[] {
  const whole = (kind: ChangeKind): DifferenceRow => ({ file, key: null, kind })
  const keys = (kind: ChangeKind, names: readonly string[]): DifferenceRow[] =>
    names.map((key) => ({ file, key, kind }))
  return [
    ...(where === 'left' ? [whole('file-gone')] : where === 'right' ? [whole('file-new')] : []),
    ...keys('gone', removed),
    ...keys('changed', changed),
    ...keys('new', added),
    ...(otherwise && where === 'both' ? [whole('otherwise')] : []),
  ]
}

export const differentCount = (difference: Difference & { missing?: readonly string[] }): number =>
  rowsOf(difference).length

/** Keys that are the same on both sides. */
export const sameCount = ({ files }: Difference): number => files.reduce((sum, { same }) => sum + same, 0)
