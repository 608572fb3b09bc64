import { LifeboatFailure, toFailure, type Failure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import type { Outcome } from '#shared/proof.ts'
import type { VerifyFinding } from '#shared/verification.ts'
import { exitCodes, exitOfFailure, exitOfOutcome } from '../exit.ts'
import type { Tools, Words } from '../word.ts'
import { mostJobs } from './keeping.ts'
import { findingLines } from './verify.ts'

/** What came of the verification of a copy that was just made. `failure`: why it has no result. */
export type Verified = { copyId: string; outcome: Outcome; findings: VerifyFinding[]; failure: Failure | null }

/**
 * Waits for the verifications of copies whose database is set to be verified after each backup. One that could not be
 * done, or was never begun, is not checked, and says why: the copy is here all the same.
 * @throws LifeboatFailure cancelled
 */
export async function followVerifications(copyIds: readonly string[], tools: Tools): Promise<Verified[]> {
  const jobs = (await tools.call('job.list', { limit: mostJobs })).filter(({ kind }) => kind === 'verify')
  const verified: Verified[] = []
  for (const copyId of copyIds) {
    const job = jobs.find((each) => each.copyIds.includes(copyId))
    if (job) verified.push(await followOne(copyId, job.id, tools))
    else if (await shouldHaveBegun(copyId, tools)) verified.push(notChecked(copyId, neverBegun()))
  }
  return verified
}

async function followOne(copyId: string, jobId: string, { call, follow }: Tools): Promise<Verified> {
  try {
    const { outcome } = await follow(jobId)
    const result = await call('verify.result', { jobId })
    return { copyId, outcome: outcome ?? 'not-checked', findings: result?.findings ?? [], failure: null }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'cancelled') return notChecked(copyId, failure)
    throw new LifeboatFailure('cancelled', `The verification was cancelled. The copy ${copyId} was made and is kept.`)
  }
}

function notChecked(copyId: string, failure: Failure): Verified {
  return { copyId, outcome: 'not-checked', findings: [], failure }
}

/** One that is damaged as it is would only be called so again. */
async function shouldHaveBegun(id: string, { call }: Tools): Promise<boolean> {
  return (await call('copy.show', { id })).face !== 'damaged'
}

function neverBegun(): Failure {
  return toFailure(new LifeboatFailure('not-checkable', 'Its verification could not be started.'))
}

/** A copy that is not checked was made: only what is refused weighs more than that. */
export function exitOfVerified({ outcome, failure }: Verified): number {
  if (failure && exitOfFailure(failure.kind) === exitCodes.refused) return exitCodes.refused
  return exitOfOutcome(outcome)
}

/** Why a copy is not proven, where that is so. */
export function troubleLines({ findings, failure }: Verified, say: Words): string[] {
  if (failure === null) return findingLines(findings, say)
  return [`  ! ${failure.kind}: ${printable(failure.message)}`, `    → ${say.remedy(failure.remedy)}`]
}
