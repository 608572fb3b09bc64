import { z } from 'zod'
import type { Ask } from './session.ts'

/**
 * What makes the text of a value depend on more than the value: the zone, `bytea_output`, whether names are quoted, and
 * what no setting of ours can bring back (the locale of money, types whose text differs between versions).
 */
export const dependencies = ['zone', 'bytea', 'names', 'version', 'locale'] as const
export type Dependency = (typeof dependencies)[number]

/** A table as it stands in the sandbox. */
export type RestoredTable = {
  schema: string
  name: string
  /** the root of partitions, which has no rows of its own */
  root: boolean
  columns: { name: string; nullable: boolean; generated: boolean }[]
  /** of an extension's table whose rows are partly its own: which of them a dump carries, as `WHERE …` */
  condition: string
  /** what the text of its rows depends on */
  depends: Set<Dependency>
  /** the columns whose type is timestamptz itself; null where times with a zone also stand inside of other types */
  plainTimes: string[] | null
}

const tableSchema = z.object({
  schema: z.string(),
  name: z.string(),
  root: z.boolean(),
  columns: z.array(z.tuple([z.string(), z.boolean(), z.boolean(), z.string(), z.boolean()])),
  condition: z.string(),
})

/**
 * One row per table. A type depends on what its elements, fields, base or bounds depend on. Types of an extension may be
 * written in another way by another version of it. A column may hold NULLs although it is declared NOT NULL: since 18 such a
 * constraint can be NOT VALID.
 */
const query = `
WITH RECURSIVE depends(oid, what) AS (
  SELECT t.oid, d.what
  FROM pg_catalog.pg_type t
  JOIN (VALUES ('timestamptz', 'zone'), ('bytea', 'bytea'), ('regclass', 'names'), ('regproc', 'names'),
    ('regprocedure', 'names'), ('regoper', 'names'), ('regoperator', 'names'), ('regtype', 'names'), ('regrole', 'names'),
    ('regnamespace', 'names'), ('regcollation', 'names'), ('regconfig', 'names'), ('regdictionary', 'names'),
    ('money', 'locale'), ('char', 'version'), ('jsonpath', 'version'), ('aclitem', 'version'), ('pg_node_tree', 'version')
  ) AS d(name, what) ON d.name = t.typname
  WHERE t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
  UNION
  SELECT x.objid, 'version' FROM pg_catalog.pg_depend x
  WHERE x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.deptype = 'e'
  UNION
  SELECT u.oid, d.what FROM depends d JOIN (
    SELECT t.oid, t.typelem AS of FROM pg_catalog.pg_type t WHERE t.typelem <> 0
    UNION ALL SELECT t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.typbasetype <> 0
    UNION ALL SELECT r.rngtypid, r.rngsubtype FROM pg_catalog.pg_range r
    UNION ALL SELECT (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::pg_catalog.oid, r.rngsubtype FROM pg_catalog.pg_range r
    UNION ALL SELECT c.reltype, a.atttypid FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.reltype <> 0 AND c.relkind IN ('c', 'r', 'p', 'v', 'm', 'f')
  ) AS u ON u.of = d.oid
),
types AS (SELECT oid, pg_catalog.string_agg(what, ',') AS what FROM depends GROUP BY oid)
SELECT pg_catalog.json_build_object('schema', n.nspname, 'name', c.relname, 'root', c.relkind = 'p',
  'condition', coalesce(kept.condition, ''), 'columns',
  coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, NOT a.attnotnull OR EXISTS (
      SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND NOT k.convalidated
        AND a.attnum = ANY (k.conkey)), a.attgenerated <> '',
    coalesce(t.what, ''), a.atttypid = 'timestamptz'::pg_catalog.regtype) ORDER BY a.attnum) FILTER (WHERE a.attnum IS NOT NULL), '[]'))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN types t ON t.oid = a.atttypid
LEFT JOIN (SELECT pg_catalog.unnest(extconfig) AS oid, pg_catalog.unnest(extcondition) AS condition
  FROM pg_catalog.pg_extension) AS kept ON kept.oid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
GROUP BY c.oid, n.nspname, c.relname, c.relkind, kept.condition`

/** Every table of a database in the sandbox, by `tableKey`. */
export async function restoredTables(ask: Ask): Promise<Map<string, RestoredTable>> {
  const tables = new Map<string, RestoredTable>()
  for (const [text] of await ask(query)) {
    const { schema, name, root, columns, condition } = tableSchema.parse(JSON.parse(text ?? ''))
    const written = columns.filter(([, , generated]) => !generated)
    const depending = written.map(([column, , , what, plain]) => ({ column, plain, on: what.split(',') }))
    const zoned = depending.filter(({ on }) => on.includes('zone'))
    tables.set(tableKey(schema, name), {
      schema,
      name,
      root,
      condition,
      columns: columns.map(([column, nullable, generated]) => ({ name: column, nullable, generated })),
      depends: new Set(dependencies.filter((one) => depending.some(({ on }) => on.includes(one)))),
      plainTimes: zoned.every(({ plain }) => plain) ? zoned.map(({ column }) => column) : null,
    })
  }
  return tables
}

export function tableKey(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}
