import type { Snapshot } from '#shared/copy.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import type { Outcome, Proof } from '#shared/proof.ts'
import { differences } from './at-source.ts'

type Stored = { sha256: string; bytes: number; seconds: number; at: Date; version: string; how: string }

/** The rung `stored`: says by what it is known that these are the bytes that were sent. */
export function storedProof({ sha256, bytes, seconds, at, version, how }: Stored): Proof {
  return {
    rung: 'stored',
    outcome: 'proven',
    at: at.toISOString(),
    seconds,
    engine: `Lifeboat ${version}`,
    detail: `SHA-256 ${sha256.slice(0, 12)}…, ${bytes} bytes, ${how}`,
  }
}

/** The rung `readable`, from what the reader saw. */
export function readableProof(report: DumpReport, at: Date, seconds: number, version: string): Proof {
  return {
    rung: 'readable',
    outcome: readableOutcome(report),
    at: at.toISOString(),
    seconds,
    engine: `Lifeboat ${version} reader`,
    detail: readableDetail(report),
  }
}

/** A refused dump is kept as what it is: something that must not be loaded, and so no readable dump. */
export function readableOutcome(report: DumpReport): Outcome {
  return report.outcome === 'refused' ? 'damaged' : report.outcome
}

function readableDetail(report: DumpReport): string {
  if (report.outcome !== 'proven') return report.findings[0]?.detail ?? 'It could not be read to its end.'
  const rows = report.tables.reduce((sum, table) => sum + table.rows, 0)
  const unknown = report.tables.filter((table) => table.fingerprint === null).length
  const without = unknown > 0 ? `, ${unknown} of them without a fingerprint` : ''
  return `ends whole, ${report.tables.length} tables${without}, ${rows} rows`
}

/**
 * What the source says of the rung `exact`, right after the dump: *damaged* at once where the dump does not hold what the
 * source held. Where it does, the rung is still *not checked*, since nothing was restored; the evidence says how far it
 * got, or why the source was not counted. None when nobody asked.
 */
export function sourceProof(report: DumpReport, snapshot: Snapshot | null, engine: string): Proof[] {
  if (snapshot === null) return []
  const { at, seconds } = snapshot
  const [first, ...more] = differences(snapshot, report)
  const rung = { rung: 'exact', at, seconds, engine } as const
  if (first === undefined) return [{ ...rung, outcome: 'not-checked', detail: sameDetail(snapshot) }]
  return [
    { ...rung, outcome: 'damaged', detail: more.length === 0 ? first : `${first}; and ${more.length} tables more` },
  ]
}

function sameDetail({ tables, note }: Snapshot): string {
  if (tables.length === 0 && note !== null) return `not restored yet. ${note}`
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const by = tables.every((table) => table.fingerprint === null) ? 'counted' : 'by fingerprint'
  const held = `the dump holds what the source held in the same snapshot: ${tables.length} tables, ${rows} rows, ${by}`
  return `${held}${note === null ? '' : ` (${note})`}; not restored yet`
}
