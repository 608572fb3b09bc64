import { LifeboatFailure } from '#shared/failure.ts'
import type { BrowseColumn, BrowseTable } from '#shared/browse.ts'
import type { ReaderSession } from './browse-session.ts'

/** How a column's values are turned into text, and how they are compared with a filter's. */
export type ValueClass = 'fixed' | 'integer' | 'uuid' | 'text' | 'char' | 'bytea' | 'other'

export type RelationColumn = BrowseColumn & { class: ValueClass }

/** A table, as it stands in the sandbox. */
export type Relation = {
  schema: string
  name: string
  kind: BrowseTable['kind']
  columns: readonly RelationColumn[]
}

const kinds = new Map<string | null, BrowseTable['kind']>([
  ['r', 'table'],
  ['p', 'partitioned'],
  ['v', 'view'],
  ['m', 'matview'],
  ['f', 'foreign'],
])

// PostgreSQL's own numbers of its own types never change
const classes = new Map<string | null, ValueClass>([
  ['20', 'integer'],
  ['21', 'integer'],
  ['23', 'integer'],
  ['2950', 'uuid'],
  ['25', 'text'],
  ['1043', 'text'],
  ['1042', 'char'],
  ['17', 'bytea'],
])

const relationsOf = `from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'`

/** All tables and views of a database but PostgreSQL's own. */
export async function listRelations(
  session: ReaderSession,
): Promise<{ schema: string; name: string; kind: BrowseTable['kind'] }[]> {
  const rows = await session.query(`select n.nspname, c.relname, c.relkind::text ${relationsOf}
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    order by n.nspname collate "C", c.relname collate "C"`)
  return rows.flatMap(([schema, name, relkind]) => {
    const kind = kinds.get(relkind ?? null)
    return typeof schema === 'string' && typeof name === 'string' && kind ? [{ schema, name, kind }] : []
  })
}

/**
 * Finds a table by its name.
 * @throws LifeboatFailure not-found; query-refused when it has no rows of its own to be read
 */
export async function findRelation(session: ReaderSession, schema: string, name: string): Promise<Relation> {
  const [found] = await session.query(
    `select c.oid::text, c.relkind::text, c.relispopulated::text ${relationsOf} and n.nspname = $1 and c.relname = $2`,
    [schema, name],
  )
  const [oid, relkind, populated] = found ?? []
  const kind = kinds.get(relkind ?? null)
  if (typeof oid !== 'string' || !kind) throw new LifeboatFailure('not-found', 'There is no such table in the sandbox.')
  if (kind === 'foreign') {
    throw new LifeboatFailure(
      'query-refused',
      'The rows of a foreign table lie on another server, and a sandbox has no way out.',
    )
  }
  if (kind === 'matview' && populated === 'false') {
    throw new LifeboatFailure('query-refused', 'This materialized view was dumped without data: it holds nothing yet.')
  }
  return { schema, name, kind, columns: await columnsOf(session, oid) }
}

async function columnsOf(session: ReaderSession, oid: string): Promise<RelationColumn[]> {
  const rows = await session.query(
    `select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid::text, t.typlen::text
      from pg_catalog.pg_attribute a join pg_catalog.pg_type t on t.oid = a.atttypid
      where a.attrelid = $1::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [oid],
  )
  return rows.map(([name, type, typeId, length]) => ({
    name: name ?? '',
    type: type ?? '',
    // a type of fixed length has no long values; of all others only these are known well enough
    class: classes.get(typeId ?? null) ?? (Number(length) > 0 ? 'fixed' : 'other'),
  }))
}
