import type { Stats } from 'node:fs'
import type { Copy, CopyRow } from '#shared/copy.ts'
import { latestProofs, type Proof } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { recordProofs } from '#engine/copies/record-proofs.ts'
import type { CopyShelf } from '#engine/copies/shelf.ts'

/**
 * Writes what a verification has shown into manifest and catalogue. What could not be checked this time takes nothing
 * away from what was proven before: that stands, with its age. Damage always counts.
 * @param before the copy's file, as it was before the verification
 * @returns the copy's row as it is now; null when nothing was written
 */
export async function keepEvidence(
  shelf: CopyShelf,
  copy: Copy,
  verification: Verification,
  before: Stats | null,
): Promise<CopyRow | null> {
  const known = latestProofs(copy.proofs)
  const news = verification.proofs.filter((proof) => saysMore(proof, known))
  const evidence = verification.outcome !== 'not-checked' || isFirst(copy) ? verification : undefined
  if (news.length === 0 && evidence === undefined) return null
  return recordProofs(shelf, copy.id, { proofs: news, verification: evidence, before })
}

function saysMore(proof: Proof, before: readonly Proof[]): boolean {
  if (proof.outcome !== 'not-checked') return true
  const known = before.find(({ rung }) => rung === proof.rung)?.outcome
  return known === undefined || known === 'not-checked'
}

/** No verification that came to a result stands there already. */
function isFirst({ verification }: Copy): boolean {
  return verification === null || verification.outcome === 'not-checked'
}
