import type { CopyRow } from '#shared/copy.ts'

/**
 * Copies that `verify all` takes: those that are not damaged and whose rung *exact* is not proven, in the order given.
 * A damaged one stays damaged: restoring it would only say so again.
 */
export function unproven(copies: readonly CopyRow[]): CopyRow[] {
  return copies.filter((copy) => {
    if (copy.face === 'damaged') return false
    return copy.proofs.find(({ rung }) => rung === 'exact')?.outcome !== 'proven'
  })
}
