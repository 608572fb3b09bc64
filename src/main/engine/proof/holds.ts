import type { DumpPlan, PlannedStatement } from '#engine/dump/plan.ts'
import type { VerifyFinding } from '#shared/verification.ts'
import { finding, shownName } from './findings.ts'
import { Cursor, type QualifiedName } from './statements/cursor.ts'
import { tokenize } from './statements/tokens.ts'

/** What of a database a dump does not carry at all, which restores as well as a whole one. */
export type Holds = {
  /** `pg_dumpall -g`: no database is in it */
  rolesOnly: boolean
  /** `pg_dump -s`: tables are created, and not one of them has data, not even none */
  definitionsOnly: boolean
  /** the tables that the dump creates and has no data of, for a person */
  withoutData: readonly string[]
}

/** Looks for tables whose data the dump does not carry: `-s`, `--exclude-table-data`, or a hole in the file. */
export function holdsOf({ report, steps }: DumpPlan): Holds {
  const carried = new Set(report.tables.flatMap(({ database, schema, name }) => keysOf(database, { schema, name })))
  const created: { database: string | null; table: QualifiedName }[] = []
  // where partitions are loaded by their root, their rows stand there
  const parents = new Map<string, string>()
  const isCarried = (key: string): boolean => {
    for (let at: string | undefined = key, left = 100; at !== undefined && left > 0; at = parents.get(at), left--) {
      if (carried.has(at)) return true
    }
    return false
  }
  for (const step of steps) {
    if (step.step !== 'statement') continue
    const { database } = step
    const { table, root, partition } = readTable(step)
    if (table !== null && !root) created.push({ database, table })
    if (partition !== null) parents.set(keyOf(database, partition.child), keyOf(database, partition.parent))
  }
  const without = created.filter(({ database, table }) => !isCarried(keyOf(database, table)))
  return {
    rolesOnly: report.cluster && report.dumps === 0,
    definitionsOnly: report.tables.length === 0 && without.length > 0,
    withoutData: without.map(({ database, table }) => shownName(table.schema, table.name, database)),
  }
}

/** Says what the dump does not carry. */
export function holdsFindings({ rolesOnly, definitionsOnly, withoutData }: Holds): VerifyFinding[] {
  if (rolesOnly) return [finding('unchecked', 'roles-only', rolesOnlyText)]
  if (definitionsOnly) return [finding('unchecked', 'definitions-only', definitionsOnlyText(withoutData.length))]
  return withoutData.map((table) => {
    const detail = `the dump creates ${table}, and carries no data of it`
    return finding('warning', 'table-without-data', detail, { table })
  })
}

export const rolesOnlyText = 'this file holds roles only, and no database'

export function definitionsOnlyText(tables: number): string {
  return `this dump holds definitions only: it creates ${tables} tables, and carries the rows of none`
}

type Read = {
  table: QualifiedName | null
  /** of partitions, without rows of its own */
  root: boolean
  partition: { child: QualifiedName; parent: QualifiedName } | null
}

/** What a statement says of tables: `CREATE TABLE`, and `ALTER TABLE … ATTACH PARTITION`. */
function readTable({ kind, text, raw }: PlannedStatement): Read {
  const nothing: Read = { table: null, root: false, partition: null }
  if (kind !== 'CREATE TABLE' && !(kind === 'ALTER TABLE' && text.includes(' ATTACH PARTITION '))) return nothing
  const cursor = new Cursor(tokenize(raw ? Buffer.from(text, 'latin1').toString('utf8') : text))
  if (!cursor.seek('TABLE')) return nothing
  cursor.skip(...(kind === 'CREATE TABLE' ? ['IF', 'NOT', 'EXISTS'] : ['ONLY']))
  const table = cursor.qualified()
  if (table === null) return nothing
  if (kind === 'ALTER TABLE') {
    const child = cursor.skip('ATTACH', 'PARTITION') ? cursor.qualified() : null
    return { ...nothing, partition: child === null ? null : { child, parent: table } }
  }
  const parent = cursor.skip('PARTITION', 'OF') ? cursor.qualified() : null
  const root = cursor.seek('PARTITION', 'BY')
  return { table, root, partition: parent === null ? null : { child: table, parent } }
}

function keyOf(database: string | null, { schema, name }: QualifiedName): string {
  return JSON.stringify([database, schema, name])
}

/** By its name alone too: old dumps leave out the schema. */
function keysOf(database: string | null, table: QualifiedName): string[] {
  return [keyOf(database, table), keyOf(database, { schema: '', name: table.name })]
}
