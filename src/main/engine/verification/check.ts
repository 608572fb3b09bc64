import { basename } from 'node:path'
import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { Copy, CopyRow } from '#shared/copy.ts'
import type { DumpFinding, DumpReport, FindingKind } from '#shared/dump-report.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Outcome, Proof } from '#shared/proof.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { manifestBeside } from '#engine/copies/manifest.ts'
import { recordProofs } from '#engine/copies/record-proofs.ts'
import { readDumpFile, type ReaderResult } from '#engine/dump/reader-thread.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { readableOutcome, readableProof } from '#engine/copies/evidence.ts'

/** What a check came to. No report: there was no file to read. */
export type Checked = { outcome: Outcome; report: DumpReport | null }
type CheckCopy = { copy: Copy; catalogue: Catalogue; version: string; now: () => Date }

/**
 * Reads a copy again, from its first byte to its last: it must still be the file that the manifest names, and readable.
 * What comes out is written into manifest and catalogue, so that a copy that has gone bad shows so everywhere.
 */
export async function checkCopy({ copy, catalogue, version, now }: CheckCopy, tools: JobTools): Promise<Checked> {
  const { signal, report } = tools
  report.step('read', basename(copy.file))
  const began = performance.now()
  let before: Stats
  let result: ReaderResult
  try {
    before = await requirePlainFile(copy.file)
    result = await readFile(copy.file, tools)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof LifeboatFailure) || error.kind !== 'copy-missing') throw error
    const missing = { rung: 'stored', outcome: 'damaged', detail: error.message } as const
    const proofs = [{ ...missing, ...proofBase(version, now(), 0) }]
    await recordProofs(catalogue, copy.id, { proofs, before: null })
    return { outcome: 'damaged', report: null }
  }
  const seconds = (performance.now() - began) / 1000
  const proofs = checkedProofs(copy, result, { seconds, at: now(), version })
  const recorded = await recordProofs(catalogue, copy.id, { proofs, before })
  const damaged = proofs.find((proof) => proof.outcome === 'damaged')
  const changed = proofs[0]?.outcome === 'damaged' ? [finding('hash-differs', proofs[0].detail)] : []
  return {
    outcome: damaged ? 'damaged' : stillStored(recorded, readableOutcome(result)),
    report: { ...withoutIdentity(result), findings: [...changed, ...result.findings] },
  }
}

/** An outcome holds for a copy only while its file is what was stored. */
export function stillStored({ proofs }: CopyRow, outcome: Outcome): Outcome {
  const stored = proofs.find(({ rung }) => rung === 'stored')?.outcome ?? 'not-checked'
  return outcome === 'proven' ? stored : outcome
}

/** What reading a copy again has shown: whether it is still the file that was stored, and whether it is readable. */
export function checkedProofs(
  copy: Pick<Copy, 'sha256' | 'bytes'>,
  result: ReaderResult,
  when: { seconds: number; at: Date; version: string },
): Proof[] {
  const { seconds, at, version } = when
  const base = proofBase(version, at, seconds)
  const same = result.sha256 === copy.sha256 && result.bytes === copy.bytes
  const stored: Proof = same
    ? {
        ...base,
        rung: 'stored',
        outcome: 'proven',
        detail: `SHA-256 ${copy.sha256.slice(0, 12)}… still the same, ${copy.bytes} bytes`,
      }
    : {
        ...base,
        rung: 'stored',
        outcome: 'damaged',
        detail: `the file is no longer what was stored: ${result.bytes} bytes, SHA-256 ${result.sha256.slice(0, 12)}…, not ${copy.sha256.slice(0, 12)}…`,
      }
  return [stored, readableProof(result, at, seconds, version)]
}

/** Reads any dump file. With a manifest beside it the SHA-256 is compared too; without one a zstd file can hide damage. */
export async function checkFile(file: string, tools: JobTools): Promise<DumpReport> {
  tools.report.step('read', basename(file))
  await requirePlainFile(file)
  return judgeFile(file, await readFile(file, tools))
}

/** What was read of a file, beside what its manifest says of it. */
export async function judgeFile(file: string, result: ReaderResult): Promise<DumpReport> {
  const manifest = await manifestBeside(file)
  const report = withoutIdentity(result)
  if (manifest && (manifest.sha256 !== result.sha256 || manifest.bytes !== result.bytes)) {
    return {
      ...report,
      outcome: report.outcome === 'refused' ? 'refused' : 'damaged',
      findings: [
        finding('hash-differs', 'The SHA-256 of the file is not the one in its manifest.'),
        ...report.findings,
      ],
    }
  }
  if (!manifest && report.compression === 'zstd' && !report.checksummed && report.outcome === 'proven') {
    const detail =
      'pg_dump writes zstd without checksums: without a manifest, damage can hide in a file that reads well.'
    return { ...report, findings: [...report.findings, finding('no-checksum', detail)] }
  }
  return report
}

/** A file with nothing beside it that says what it was. An archive has no checksum over all of it, however it is compressed. */
export async function archiveNote({ file, copy }: { file: string; copy: Copy | null }): Promise<DumpFinding[]> {
  if (copy !== null || (await manifestBeside(file)) !== null) return []
  const detail =
    'pg_dump writes archives without a checksum over all of it: without a manifest, damage can hide in one that restores well.'
  return [finding('no-checksum', detail)]
}

function readFile(file: string, { signal, report }: JobTools): Promise<ReaderResult> {
  return readDumpFile(file, {
    signal,
    report: ({ bytes, rows, total }) => {
      report.rows(rows)
      report.bytes(bytes, total)
    },
  })
}

/** @throws LifeboatFailure copy-missing */
export async function requirePlainFile(file: string): Promise<Stats> {
  const found = await lstat(file).catch((cause: unknown) => {
    throw new LifeboatFailure('copy-missing', `${file} is not there or can not be read.`, { cause })
  })
  if (!found.isFile()) throw new LifeboatFailure('copy-missing', `${file} is no plain file.`)
  return found
}

function withoutIdentity({ sha256: _sha256, bytes: _bytes, ...report }: ReaderResult): DumpReport {
  return report
}

function proofBase(version: string, at: Date, seconds: number): Pick<Proof, 'at' | 'seconds' | 'engine'> {
  return { at: at.toISOString(), seconds, engine: `Lifeboat ${version} reader` }
}

function finding(kind: FindingKind, detail: string): DumpFinding {
  return { kind, detail, table: null, line: null, byte: null }
}
