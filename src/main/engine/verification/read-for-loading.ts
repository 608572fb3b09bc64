import { basename } from 'node:path'
import type { DumpReport } from '#shared/dump-report.ts'
import type { Outcome, Proof } from '#shared/proof.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { readableProof } from '#engine/copies/evidence.ts'
import type { DumpPlan } from '#engine/dump/plan.ts'
import { planDumpFile, type ReaderResult } from '#engine/dump/reader-thread.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { checkedProofs, judgeFile, requirePlainFile } from './check.ts'
import { worst } from './outcome.ts'
import type { Verify } from './verify.ts'

/** A dump that was read wholly: what it holds, what that proves, and how to load it. */
export type ReadDump = {
  /** of the file: damaged ones are not loaded */
  outcome: Outcome
  report: DumpReport
  plan: DumpPlan
  /** the rungs stored and readable; of a file that is no copy of ours only the second one */
  proofs: Proof[]
}

/**
 * Reads a dump from its first byte to its last before anything of it is loaded.
 * @throws LifeboatFailure dump-refused: it holds what pg_dump never writes, and is loaded nowhere
 */
export async function readForLoading(verify: Verify, { signal, report }: JobTools): Promise<ReadDump> {
  const { file, copy, version, now } = verify
  report.step('read', basename(file))
  await requirePlainFile(file)
  const began = performance.now()
  const { plan, result } = await planDumpFile(file, {
    signal,
    report: ({ bytes, total }) => verify.live.bytes(bytes, total),
  })
  const when = { seconds: (performance.now() - began) / 1000, at: now(), version }
  const proofs = copy && checkedProofs(copy, result, when)
  // a copy that is no longer what was stored is damaged, whatever it reads like now
  if (result.outcome === 'refused' && proofs?.[0]?.outcome !== 'damaged') throw refused(file, result)
  if (proofs !== null) {
    return { outcome: worst(proofs.map(({ outcome }) => outcome)), report: result, plan, proofs }
  }
  const judged = await judgeFile(file, result)
  const readable = readableProof(judged, when.at, when.seconds, version)
  return { outcome: readable.outcome, report: judged, plan, proofs: [readable] }
}

function refused(file: string, { findings }: ReaderResult): LifeboatFailure {
  const detail = findings.map((finding) => finding.detail).join('\n')
  return new LifeboatFailure('dump-refused', `${basename(file)} holds what pg_dump never writes.`, { detail })
}
