import type { CopyTable, SourceVersions } from '#shared/copy.ts'
import type { VerifiedTable, VerifyFinding } from '#shared/verification.ts'
import { quoteName } from '#engine/fingerprint/query.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import { finding, shownName } from './findings.ts'
import { rowReader, withSession, type Ask, type Fields } from './session.ts'
import { sqlName } from './statements/tables.ts'

export type WarningsInput = {
  /** what came of the proof of the tables */
  tables: readonly VerifiedTable[]
  /** the dump's databases, as they are called in the sandbox */
  databases: ReadonlyMap<string, string>
  sandbox: Sandbox
  /** tables of the copy before; null: there is none */
  before: readonly CopyTable[] | null
  /** what the server that was dumped had; null: not known */
  source: SourceVersions | null
}

/**
 * What is no damage, since it is so in the dump itself, and yet deserves a look before somebody goes live with it.
 * @throws LifeboatFailure sandbox-lost, sandbox-full; the signal's reason
 */
export async function findWarnings(
  input: WarningsInput,
  { signal }: { signal: AbortSignal },
): Promise<VerifyFinding[]> {
  const { sandbox, databases, source } = input
  const warnings: VerifyFinding[] = []
  for (const [name, database] of databases) {
    const shown = name === '' ? null : name
    warnings.push(
      ...(await withSession(sandbox, { role: rowReader(sandbox), database }, signal, (ask) =>
        sequencesBehind(ask, shown),
      )),
      ...(await withSession(sandbox, { role: 'admin', database }, signal, async (ask) => [
        ...(await notValid(ask, shown, sandbox.major)),
        ...(source === null ? [] : await otherVersions(ask, source)),
      ])),
    )
  }
  if (source !== null) warnings.push(...outgrownCollation(source))
  return [...warnings, ...emptied(input.tables, input.before ?? [])]
}

const own = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`
const BATCH = 100

/** Sequences of columns, of serials and identities, with the columns' tables. Only whole numbers can collide. */
const ownedSequences = `
SELECT sn.nspname, s.relname, n.nspname, c.relname, a.attname, q.seqincrement, c.relkind
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_sequence q ON q.seqrelid = d.objid AND NOT q.seqcycle
JOIN pg_catalog.pg_class s ON s.oid = d.objid JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_class c ON c.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = d.classid AND d.deptype IN ('a', 'i')
  AND d.refobjsubid > 0 AND c.relkind IN ('r', 'p') AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND ${own}`

async function sequencesBehind(ask: Ask, database: string | null): Promise<VerifyFinding[]> {
  const found: VerifyFinding[] = []
  // the edge of an index is looked up: workers would only be started to read nothing
  await ask('SET max_parallel_workers_per_gather = 0')
  const sequences = (await ask(ownedSequences)).map((row) => row.map((field) => field ?? ''))
  for (let from = 0; from < sequences.length; from += BATCH) {
    const batch = sequences.slice(from, from + BATCH)
    const selects = batch.map(([schema = '', name = '', tableSchema = '', table = '', column = '', step, kind], i) => {
      const best = Number(step) > 0 ? 'max' : 'min'
      const of = `${kind === 'p' ? '' : 'ONLY '}${sqlName({ schema: tableSchema, name: table })}`
      return `SELECT ${i}, s.last_value, s.is_called, (SELECT pg_catalog.${best}(t.${quoteName(column)}) FROM ${of} t) FROM ${sqlName({ schema, name })} s`
    })
    for (const [index, last, called, edge] of await ask(selects.join('\nUNION ALL\n'))) {
      const [schema = '', name = '', tableSchema = '', table = '', column = '', step = '1'] = batch[Number(index)] ?? []
      if (edge === null || edge === undefined) continue
      const next = BigInt(last ?? 0) + (called === 't' ? BigInt(step) : 0n)
      if (BigInt(step) > 0n ? next > BigInt(edge) : next < BigInt(edge)) continue
      const shown = shownName(tableSchema, table, database)
      const detail = `the sequence ${shownName(schema, name)} would give ${next} next, and ${column} in ${shown} has come to ${edge} already: a new row could collide`
      const remedy = `After restoring: SELECT setval('${sqlName({ schema, name }).replaceAll("'", "''")}', ${edge});`
      found.push(finding('warning', 'sequence-behind', detail, { table: shown }, remedy))
    }
  }
  return found
}

async function notValid(ask: Ask, database: string | null, major: number): Promise<VerifyFinding[]> {
  const enforced = major >= 18 ? 'k.conenforced' : 'true'
  const rows = await ask(`
    SELECT n.nspname, c.relname, k.conname, ${enforced} FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT k.convalidated AND ${own} ORDER BY 1, 2, 3`)
  return rows.map(([schema, table, name, isEnforced]) => {
    const shown = shownName(schema ?? '', table ?? '', database)
    const how =
      isEnforced === 't'
        ? 'is NOT VALID: rows that were there before it were never checked'
        : 'is NOT ENFORCED: no row is checked'
    return finding('warning', 'constraint-not-valid', `the constraint ${name} of ${shown} ${how}`, { table: shown })
  })
}

async function otherVersions(ask: Ask, source: SourceVersions): Promise<VerifyFinding[]> {
  const extensions = await ask('SELECT extname, extversion FROM pg_catalog.pg_extension ORDER BY 1')
  const collations = await ask(`
    SELECT n.nspname || '.' || c.collname, c.collversion FROM pg_catalog.pg_collation c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE c.collversion IS NOT NULL ORDER BY 1`)
  return [
    ...others(extensions, source.extensions).map(({ name, here, there }) => {
      const detail = `the extension ${name} is version ${here} here, and was ${there} on the server`
      return finding('warning', 'extension-version', detail)
    }),
    ...others(collations, source.collations).map(({ name, here, there }) => {
      const detail = `the collation ${name} sorts by version ${here} here, and by ${there} on the server: the order of texts may differ`
      return finding('warning', 'collation-version', detail)
    }),
  ]
}

/** What both have, in different versions. */
function others(rows: readonly Fields[], at: Readonly<Record<string, string>>) {
  return rows.flatMap(([name, here]) => {
    const there = Object.hasOwn(at, name ?? '') ? at[name ?? ''] : undefined
    return there === undefined || there === here ? [] : [{ name, here, there }]
  })
}

/** The server's own sorting has changed under its indexes, by an update of its system; a restored copy has new ones. */
function outgrownCollation({ collation: { recorded, actual } }: SourceVersions): VerifyFinding[] {
  if (recorded === null || actual === null || recorded === actual) return []
  const detail = `the server sorts texts by version ${actual} of its collation, and the database was made with ${recorded}: there, indexes on texts may miss rows, and let in doubles`
  const remedy = 'On the server: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION.'
  return [finding('warning', 'collation-version', detail, {}, remedy)]
}

/** Tables that hold nothing now, or are gone, and held rows in the copy before. */
export function emptied(tables: readonly Counted[], before: readonly CopyTable[]): VerifyFinding[] {
  const now = new Map(tables.map((table) => [keyOf(table), table.dumpRows]))
  // a dump of one database does not name it, and beside one of a whole server all its tables would look gone
  const alike = tables.length === 0 || isOfServer(tables) === isOfServer(before)
  return before.flatMap((table) => {
    const rows = now.get(keyOf(table))
    if (table.rows === 0 || (rows ?? 0) > 0 || !alike) return []
    const shown = shownName(table.schema, table.name, table.database)
    const had = `had ${table.rows} rows in the copy before`
    return rows === undefined
      ? [finding('warning', 'table-gone', `the dump has no rows of ${shown}, which ${had}`, { table: shown })]
      : [finding('warning', 'table-emptied', `${shown} is empty, and ${had}`, { table: shown })]
  })
}

type Named = Pick<CopyTable, 'database' | 'schema' | 'name'>
type Counted = Named & Pick<VerifiedTable, 'dumpRows'>

function keyOf({ database, schema, name }: Named): string {
  return JSON.stringify([database, schema, name])
}

function isOfServer(tables: readonly Named[]): boolean {
  return tables.some(({ database }) => database !== null)
}
