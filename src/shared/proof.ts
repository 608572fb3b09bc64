import { z } from 'zod'

/** The ladder, from the ground up. `rehearsed` is shown, and not reached by this version. */
export const rungs = ['stored', 'readable', 'restored', 'exact', 'rehearsed'] as const
export const rungSchema = z.enum(rungs)
export type Rung = (typeof rungs)[number]

export const outcomes = ['proven', 'damaged', 'not-checked'] as const
export const outcomeSchema = z.enum(outcomes)
export type Outcome = (typeof outcomes)[number]

/** One rung, tried: what came out, when, how long it took and what tried it. */
export const proofSchema = z.object({
  rung: rungSchema,
  outcome: outcomeSchema,
  at: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  /** what proved it: `lifeboat 0.1.0 reader`, later `docker PostgreSQL 18.1` */
  engine: z.string(),
  /** the evidence in one English sentence */
  detail: z.string(),
})
export type Proof = z.infer<typeof proofSchema>

/**
 * The latest proof of each rung: a later one takes the place of an earlier one.
 * Later in the list, not by its time: a clock that was set back must not bring an old green light back.
 */
export function latestProofs(proofs: readonly Proof[]): Proof[] {
  return rungs.flatMap((rung) => proofs.findLast((proof) => proof.rung === rung) ?? [])
}

/** The highest rung that stands: every rung below it is proven too. Null when not even the first one does. */
export function highestRung(proofs: readonly Proof[]): Rung | null {
  const latest = latestProofs(proofs)
  let highest: Rung | null = null
  for (const rung of rungs) {
    if (latest.find((proof) => proof.rung === rung)?.outcome !== 'proven') break
    highest = rung
  }
  return highest
}

/** What a copy's face shows: damage on any rung outweighs everything that was proven before or beside it. */
export function faceOf(proofs: readonly Proof[]): Outcome {
  const latest = latestProofs(proofs)
  if (latest.some((proof) => proof.outcome === 'damaged')) return 'damaged'
  return highestRung(proofs) === null ? 'not-checked' : 'proven'
}

/** Whether a copy still holds the backup that was brought: one whose file was lost or changed here holds nothing any more. */
export function holdsBackup(proofs: readonly Proof[]): boolean {
  return !proofs.some(({ rung, outcome }) => rung === 'stored' && outcome === 'damaged')
}
