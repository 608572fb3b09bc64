import type { Proof } from '#shared/proof.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'
import type { ObjectCount, VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import { lostTables, sourceMatcher } from '#engine/copies/at-source.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { DumpSettings } from '#engine/proof/dump-settings.ts'
import { proveExact } from '#engine/proof/exact.ts'
import { holdsFindings, holdsOf } from '#engine/proof/holds.ts'
import { asPart } from '#engine/proof/part.ts'
import { proveRestored } from '#engine/proof/restored.ts'
import { uncheckedTables } from '#engine/proof/unchecked.ts'
import { findWarnings } from '#engine/proof/warnings.ts'
import { restore } from '#engine/restore/restore.ts'
import type { RestoreProgress } from '#engine/restore/restored.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { errorFinding, lostFinding, rungProofs, type SourceCount } from './outcome.ts'
import { majorOf } from './look-ahead.ts'
import type { ReadDump } from './read-for-loading.ts'
import type { Verify } from './verify.ts'

/** What a sandbox has shown of a dump. */
export type InSandbox = {
  engine: SandboxEngine
  /** of the rungs restored and exact */
  proofs: Proof[]
  tables: VerifiedTable[]
  objects: ObjectCount[]
  findings: VerifyFinding[]
}

/** Loads a dump that was read, and proves object by object and table by table that all of it is there. */
export async function proveInSandbox(
  { read, sandbox, ...verify }: Verify & { read: ReadDump; sandbox: Sandbox },
  { signal, report }: JobTools,
): Promise<InSandbox> {
  const began = performance.now()
  const restored = await restore(read.plan, verify.file, sandbox, {
    signal,
    report: (progress) => tell(verify, progress, report),
  })
  report.step('prove')
  verify.live.step('prove')
  const { databases } = restored
  const errors = asPart(read.plan, restored.errors)
  const objects = await proveRestored({ plan: read.plan, databases, errors, sandbox }, { signal })
  const loaded = performance.now()
  const unchecked = uncheckedTables(read.plan, errors)
  const exact = await proveExact(
    { tables: read.report.tables, databases, sandbox, settings: settingsOf(verify, read, sandbox), unchecked },
    { signal, report: (table) => verify.live.matched(table, table.match) },
  )
  const tables = withSource(exact.tables, read, verify.copy)
  const source = verify.copy?.snapshot?.versions ?? null
  const warnings = await findWarnings({ tables, databases, sandbox, before: verify.before, source }, { signal })
  const snapshot = verify.copy?.snapshot ?? null
  const lost = snapshot === null ? [] : lostTables(snapshot, read.report)
  const holds = holdsOf(read.plan)
  const findings = [
    ...holdsFindings(holds),
    ...errors.map(errorFinding),
    ...objects.findings,
    ...exact.findings,
    ...lost.map(lostFinding),
    ...warnings,
  ]
  const seconds = { restored: (loaded - began) / 1000, exact: (performance.now() - loaded) / 1000 }
  const engine = `${sandbox.engine.kind} PostgreSQL ${sandbox.engine.version}`
  return {
    engine: sandbox.engine,
    proofs: rungProofs(
      {
        errors,
        objects: objects.objects,
        tables,
        findings: objects.findings,
        lost,
        holds,
        source: sourceCount(verify.copy),
      },
      { at: verify.now(), engine, seconds },
    ),
    tables,
    objects: objects.objects,
    findings,
  }
}

function tell({ live }: Verify, progress: RestoreProgress, report: JobTools['report']): void {
  report.step(progress.step)
  live.step(progress.step)
  live.loading(progress)
}

/** Under which settings the text of the dump was written, as far as anybody knows. */
function settingsOf({ copy }: Verify, { report }: ReadDump, { major }: Sandbox): DumpSettings {
  return {
    pinned: copy?.origin === 'dump',
    timeZone: copy?.origin === 'dump' ? 'UTC' : (report.timeZone ?? copy?.source.timeZone ?? null),
    sameMajor: majorOf(report.serverVersion) === major,
  }
}

function sourceCount(copy: Verify['copy']): SourceCount | null {
  if (copy === null || copy.origin !== 'dump') return null
  return { note: copy.snapshot === null ? 'it was not counted while it was dumped' : copy.snapshot.note }
}

/** What the source held in the dump's own snapshot, beside what came back. */
function withSource(tables: readonly VerifiedTable[], { report }: ReadDump, copy: Verify['copy']): VerifiedTable[] {
  const match = sourceMatcher(copy?.snapshot ?? null)
  return tables.map((table, index) => {
    const dumped = report.tables[index]
    return dumped === undefined ? table : { ...table, ...match(dumped) }
  })
}
