import type { DumpFinding } from '#shared/dump-report.ts'
import { findingWeight } from '#shared/finding-weight.ts'
import type { Outcome, Proof } from '#shared/proof.ts'
import type { FindingClass, ObjectCount, VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import { definitionsOnlyText, rolesOnlyText, type Holds } from '#engine/proof/holds.ts'
import type { LoadError } from '#engine/restore/restored.ts'

/** What came out of loading a dump and looking at all of it. */
export type Proven = {
  errors: readonly LoadError[]
  objects: readonly ObjectCount[]
  tables: readonly VerifiedTable[]
  /** of the objects: what is wrong with a table stands in its row, and says nothing about them */
  findings: readonly VerifyFinding[]
  /** a sentence for each table that the source held and the dump does not have */
  lost: readonly string[]
  /** what the dump does not carry at all: nothing is proven of that */
  holds: Holds
  /** whether the source was counted as well; null: nobody could, since it is no dump that Lifeboat took */
  source: SourceCount | null
}

/** The count of the source in the dump's own snapshot. `note`: why there is none, or why it is not whole. */
export type SourceCount = { note: string | null }

/** Who proves it, when, and how long each rung took. */
export type Circumstances = { at: Date; engine: string; seconds: { restored: number; exact: number } }

/**
 * The rungs that a verification can reach. `restored`: no unexplained error, and every object is there and valid.
 * `exact`: every table has the dump's rows and fingerprint. Damage outweighs what could not be checked, and that outweighs
 * what was proven.
 */
export function rungProofs(proven: Proven, { at, engine, seconds }: Circumstances): [restored: Proof, exact: Proof] {
  const common = { at: at.toISOString(), engine }
  return [
    { ...common, rung: 'restored', seconds: seconds.restored, ...restoredOutcome(proven) },
    { ...common, rung: 'exact', seconds: seconds.exact, ...exactOutcome(proven) },
  ]
}

type Judged = { outcome: Outcome; detail: string }

function restoredOutcome({ errors, objects, findings, holds }: Proven): Judged {
  const damage = [...errors.filter((each) => each.class === 'damage').map(errorText), ...ofClass(findings, 'damage')]
  const missing = objects.filter((each) => each.valid < each.expected)
  if (damage[0] !== undefined) return { outcome: 'damaged', detail: andMore(damage) }
  const unchecked = [
    ...errors.filter((each) => each.class === 'unchecked').map(errorText),
    ...ofClass(findings, 'unchecked'),
    // counted as missing, and nothing says why: it may not pass for proven
    ...missing.map((each) => `${each.expected - each.valid} of ${each.expected} objects of the kind ${each.kind}`),
  ]
  if (unchecked[0] !== undefined) return { outcome: 'not-checked', detail: andMore(unchecked) }
  if (holds.rolesOnly) return { outcome: 'not-checked', detail: rolesOnlyText }
  const count = objects.reduce((sum, each) => sum + each.expected, 0)
  const explained = errors.length > 0 ? `, ${errors.length} errors that are explained` : ', no error'
  return { outcome: 'proven', detail: `${count} objects are there and valid${explained}` }
}

function exactOutcome({ tables, lost, holds, source }: Proven): Judged {
  const wrong = tables.filter((table) => table.match === false || table.sourceMatch === false)
  const damage = [...lost, ...wrong.map(differenceText)]
  if (damage[0] !== undefined) return { outcome: 'damaged', detail: andMore(damage) }
  const unknown = tables.filter((table) => table.match === null)
  if (unknown[0]) {
    return {
      outcome: 'not-checked',
      detail: andMore(unknown.map((table) => `${tableName(table)}: ${table.note ?? 'it could not be compared'}`)),
    }
  }
  if (holds.rolesOnly) return { outcome: 'not-checked', detail: rolesOnlyText }
  if (holds.definitionsOnly) return { outcome: 'not-checked', detail: definitionsOnlyText(holds.withoutData.length) }
  const rows = tables.reduce((sum, table) => sum + table.dumpRows, 0)
  return {
    outcome: 'proven',
    detail: `${tables.length} tables, ${rows} rows, rows and fingerprints are the dump's${sourceText(tables, source)}${withoutText(holds)}`,
  }
}

/** Of a dump that Lifeboat took, a green light says how far the source itself was looked at. */
function sourceText(tables: readonly VerifiedTable[], source: SourceCount | null): string {
  const equal = tables.filter((table) => table.sourceMatch === true).length
  const why = source === null || source.note === null ? '' : `: ${source.note}`
  if (equal === tables.length && equal > 0) return `; all of them equal the source in the dump's snapshot${why}`
  if (equal > 0) return `; only ${equal} of the ${tables.length} were compared with the source and equal it${why}`
  // of a database without tables there is nothing to compare
  return source === null || (tables.length === 0 && why === '') ? '' : `; the source was not compared${why}`
}

function withoutText({ withoutData }: Holds): string {
  return withoutData.length === 0 ? '' : `; the dump carries no data of ${andMore(withoutData)}`
}

/** The outcome over several rungs: damage first, then what is not known. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('damaged')) return 'damaged'
  return outcomes.includes('not-checked') || outcomes.length === 0 ? 'not-checked' : 'proven'
}

/** Says what PostgreSQL refused, as a finding. */
export function errorFinding(error: LoadError): VerifyFinding {
  return {
    kind: 'load-error',
    class: error.class,
    detail:
      error.class === 'damage' ? errorText(error) : `${errorText(error)}${error.why === null ? '' : `: ${error.why}`}`,
    remedy: error.class === 'unchecked' ? error.why : null,
    table: error.table,
    line: error.place.line,
    byte: error.place.byte,
  }
}

/** Says which table the source held and the dump does not have. */
export function lostFinding(detail: string): VerifyFinding {
  return { kind: 'not-in-dump', class: 'damage', detail, remedy: null, table: null, line: null, byte: null }
}

/** Says what the reader noticed, in the classes of a verification. */
export function readerFinding(finding: DumpFinding): VerifyFinding {
  return { ...finding, class: classes[findingWeight[finding.kind]], remedy: null }
}

const classes = {
  damaged: 'damage',
  refused: 'damage',
  'not-checked': 'unchecked',
  note: 'warning',
} as const satisfies Record<(typeof findingWeight)[keyof typeof findingWeight], FindingClass>

function ofClass(findings: readonly VerifyFinding[], wanted: FindingClass): string[] {
  return findings
    .filter((finding) => finding.class === wanted && finding.kind !== 'load-error')
    .map(({ detail }) => detail)
}

function errorText({ message, sqlstate, statement }: LoadError): string {
  return `${message} (${sqlstate}) at: ${statement}`
}

/** What is wrong with a table, in one sentence. */
export function differenceText(table: VerifiedTable): string {
  const name = tableName(table)
  if (table.restoredRows === null) return `${name}: it did not come back`
  if (table.restoredRows !== table.dumpRows)
    return `${name}: the dump holds ${table.dumpRows} rows, ${table.restoredRows} came back`
  if (table.match === false) return `${name}: as many rows as in the dump, with other content`
  if (table.sourceRows !== null && table.sourceRows !== table.dumpRows)
    return `${name}: the source held ${table.sourceRows} rows in the snapshot, the dump holds ${table.dumpRows}`
  return `${name}: as many rows as at the source, with other content`
}

export function tableName({ database, schema, name }: Pick<VerifiedTable, 'database' | 'schema' | 'name'>): string {
  return `${database === null ? '' : `${database}: `}${schema}.${name}`
}

function andMore([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} (and ${more.length} more)`
}
