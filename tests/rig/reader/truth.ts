/** What a database says of its own tables: the other side of every comparison with the reader. */

/** The settings under which values are printed the same everywhere. */
export const pinned =
  "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; " +
  "SET bytea_output = 'hex'; SET row_security = off; SET search_path = ''; "

/** A query for one row per ordinary table, as JSON: schema, name, and its columns in their order, without generated ones. */
export const tablesQuery = `
  SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'columns', (
    SELECT coalesce(json_agg(json_build_object('name', a.attname, 'nullable', NOT a.attnotnull) ORDER BY a.attnum), '[]')
    FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''))), '[]')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`

export interface SourceTable {
  schema: string
  name: string
  columns: { name: string; nullable: boolean }[]
}

const ident = (name: string) => `"${name.replaceAll('"', '""')}"`
/** A function takes at most 100 arguments. */
const GROUP = 90

function rowText(columns: SourceTable['columns']): string {
  if (columns.length === 0) return "''"
  const values = columns.map(({ name }) => {
    const value = `t.${ident(name)}`
    // IS NULL would also be true of a composite value whose fields are all NULL.
    return `CASE WHEN ${value} IS NOT DISTINCT FROM NULL THEN E'\\x01N' ELSE concat(${value}) END`
  })
  const groups: string[] = []
  for (let i = 0; i < values.length; i += GROUP)
    groups.push(`concat_ws(E'\\t', ${values.slice(i, i + GROUP).join(', ')})`)
  return groups.length === 1 ? (groups[0] ?? '') : `concat_ws(E'\\t', ${groups.join(', ')})`
}

/** A query for the texts of a table's rows, as one JSON array: for a database whose own hash is of other bytes than UTF-8's. */
export function textsQuery({ schema, name, columns }: SourceTable): string {
  return `SELECT coalesce(json_agg(${rowText(columns)}), '[]') FROM ONLY ${ident(schema)}.${ident(name)} t`
}

/** A query for a table's rows and the sum of its row hashes modulo 2^64, joined by a colon. */
export function countQuery({ schema, name, columns }: SourceTable): string {
  const hash = `hashtextextended((${rowText(columns)}) COLLATE "C", 0)`
  const sum = `mod(mod(coalesce(sum(${hash}), 0), 18446744073709551616) + 18446744073709551616, 18446744073709551616)`
  return `SELECT count(*) || ':' || ${sum} FROM ONLY ${ident(schema)}.${ident(name)} t`
}
