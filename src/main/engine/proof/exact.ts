import { availableParallelism } from 'node:os'
import type { DumpTable } from '#shared/dump-report.ts'
import type { VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import { whyNoFingerprint } from '#engine/fingerprint/encoding.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { firstSettings, knownHere, type DumpSettings } from './dump-settings.ts'
import { finding, shownName } from './findings.ts'
import { explainBySettings } from './other-settings.ts'
import { restoredTables, tableKey, type RestoredTable } from './restored-tables.ts'
import { withSession } from './session.ts'
import { uncheckedKey } from './unchecked.ts'
import { sumTables, type Summed, type SumOutcome } from './sums.ts'

export type ExactInput = {
  /** the tables of the dump's report */
  tables: readonly DumpTable[]
  /** the dump's databases, as they are called in the sandbox; the key '' is a dump of a single database */
  databases: ReadonlyMap<string, string>
  sandbox: Sandbox
  settings: DumpSettings
  /** tables that this sandbox could not make or fill, with why (`uncheckedTables`): they are not checked */
  unchecked?: ReadonlyMap<string, string>
}

export type ExactProof = { tables: VerifiedTable[]; findings: VerifyFinding[] }

/** A table of the dump beside what the sandbox has. */
type Compared = Summed & { dump: DumpTable; restored: RestoredTable }

/**
 * Compares every table in the sandbox with the dump: its rows and its fingerprint, computed there in SQL.
 * `report` gets each table as soon as it is known, once.
 * @throws LifeboatFailure sandbox-lost, sandbox-full; the signal's reason
 */
export async function proveExact(
  input: ExactInput,
  { signal, report }: { signal: AbortSignal; report: (table: VerifiedTable) => void },
): Promise<ExactProof> {
  const findings: VerifyFinding[] = []
  const verified = new Map<DumpTable, VerifiedTable>()
  const settle = (table: DumpTable, found: Verdict) => {
    const why = input.unchecked?.get(uncheckedKey(table.database, table.schema, table.name))
    const verdict =
      found.row.match === false && why !== undefined ? unsure(table, why, found.row.restoredRows ?? null) : found
    const row = { ...base(table), ...verdict.row }
    verified.set(table, row)
    if (verdict.finding) findings.push(verdict.finding)
    report(row)
  }
  for (const [database, tables] of byDatabase(input.tables)) {
    await proveDatabase(input, { database, tables }, settle, signal)
  }
  return { tables: input.tables.map((table) => verified.get(table) ?? base(table)), findings }
}

type Verdict = { row: Partial<VerifiedTable>; finding: VerifyFinding | null }
type Settle = (table: DumpTable, verdict: Verdict) => void

function base({ database, schema, name, rows }: DumpTable): VerifiedTable {
  const unknown = { restoredRows: null, match: null, sourceRows: null, sourceMatch: null, note: null }
  return { database, schema, name, dumpRows: rows, ...unknown }
}

function byDatabase(tables: readonly DumpTable[]): Map<string, DumpTable[]> {
  return Map.groupBy(tables, ({ database }) => database ?? '')
}

async function proveDatabase(
  input: ExactInput,
  { database, tables }: { database: string; tables: readonly DumpTable[] },
  settle: Settle,
  signal: AbortSignal,
): Promise<void> {
  const { sandbox } = input
  const there = input.databases.get(database)
  if (there === undefined) {
    for (const table of tables) settle(table, missing(table))
    return
  }
  const session = { role: 'admin', database: there } as const
  const { restored, encoding, settings } = await withSession(sandbox, session, signal, async (ask) => {
    const [row] = await ask('SELECT pg_catalog.getdatabaseencoding()')
    const tables = await restoredTables(ask)
    return { restored: tables, encoding: row?.[0] ?? 'UTF8', settings: await knownHere(ask, input.settings) }
  })
  const compared: Compared[] = []
  for (const table of tables) {
    const beside = compare(table, restored.get(tableKey(table.schema, table.name)))
    if ('row' in beside) settle(table, beside)
    else compared.push(beside)
  }
  const noFingerprint = whyNoFingerprint(encoding, sandbox.major)
  const sessions = Math.max(2, Math.min(4, availableParallelism()))
  const differing: Compared[] = []
  const exact: Compared[] = []
  const place = { sandbox, database: there, encoding: noFingerprint === null ? encoding : 'UTF8' }
  await sumTables(compared, place, { sessions, settings: firstSettings(settings), signal }, (table, sum) => {
    const verdict = judge(table, sum, noFingerprint)
    if (verdict === 'differs') differing.push(table)
    else {
      if (verdict.row.match === true) exact.push(table)
      settle(table.dump, verdict)
    }
  })
  signal.throwIfAborted()
  const explained = await explainBySettings(differing, exact, { place, settings, signal })
  for (const table of differing) {
    const how = explained.get(table)
    if (how === undefined) settle(table.dump, changed(table))
    else if ('equalUnder' in how) settle(table.dump, equal(table.dump, how.equalUnder))
    else settle(table.dump, unsure(table.dump, how.why))
  }
}

/** The table with its columns in the dump's order, or at once what is wrong with it. */
function compare(dump: DumpTable, restored: RestoredTable | undefined): Compared | Verdict {
  if (restored === undefined) return missing(dump)
  const { schema, name, rows } = dump
  const wanted = dump.columns ?? restored.columns.filter(({ generated }) => !generated).map((column) => column.name)
  const known = new Map(restored.columns.map((column) => [column.name, column]))
  const gone = wanted.filter((column) => !known.has(column))
  if (gone.length > 0) {
    const detail = `${shown(dump)} came back without the column ${gone.join(', ')}`
    return { row: { match: false }, finding: finding('damage', 'column-missing', detail, { table: shown(dump) }) }
  }
  const columns = wanted.map((column) => ({ name: column, nullable: known.get(column)?.nullable ?? true }))
  const { condition } = restored
  return { schema, name, rows, columns, only: !restored.root, condition, dump, restored }
}

/** What a sum says. `differs`: as many rows, with other values. */
function judge({ dump }: Compared, sum: SumOutcome, noFingerprint: string | null): Verdict | 'differs' {
  if ('failed' in sum) return unsure(dump, `the sandbox could not read it: ${sum.failed}`, null)
  if (sum.rows !== dump.rows) {
    const detail = `${shown(dump)} came back with ${sum.rows} of ${dump.rows} rows`
    const row = { restoredRows: sum.rows, match: false }
    return { row, finding: finding('damage', 'rows-differ', detail, { table: shown(dump) }) }
  }
  const why = dump.fingerprint === null ? (dump.note ?? 'the dump gives no fingerprint of it') : noFingerprint
  if (why !== null) return unsure(dump, why)
  return sum.fingerprint === dump.fingerprint ? equal(dump) : 'differs'
}

function equal(dump: DumpTable, note: string | null = null): Verdict {
  return { row: { restoredRows: dump.rows, match: true, note }, finding: null }
}

function changed({ dump }: Compared): Verdict {
  const detail = `${shown(dump)} came back with ${dump.rows} rows, but not all of them are the dump's`
  const row = { restoredRows: dump.rows, match: false }
  return { row, finding: finding('damage', 'values-differ', detail, { table: shown(dump) }) }
}

function unsure(dump: DumpTable, note: string, restoredRows: number | null = dump.rows): Verdict {
  const detail = `${shown(dump)} could not be compared: ${note}`
  return {
    row: { restoredRows, match: null, note },
    finding: finding('unchecked', 'table-not-compared', detail, { table: shown(dump) }),
  }
}

function missing(dump: DumpTable): Verdict {
  const detail = `${shown(dump)} did not come back`
  return { row: { match: false }, finding: finding('damage', 'table-missing', detail, { table: shown(dump) }) }
}

function shown({ schema, name, database }: DumpTable): string {
  return shownName(schema, name, database)
}
