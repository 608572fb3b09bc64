import type { BrowseView } from '#shared/browse.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Relation, RelationColumn } from './browse-relation.ts'

/** A query and the values that are bound to it. */
export type Query = { text: string; values: string[] }

export type Wanted = {
  relation: Relation
  sort: { column: string; descending: boolean } | null
  filters: NonNullable<BrowseView['filters']>
  /** longer values are cut to so many characters */
  longest: number
  /** by their text, for types that PostgreSQL knows no order of */
  sortAsText?: boolean
  /** a column that is wanted once more, less cut, behind all others */
  again?: { column: number; longest: number }
}

/** An identifier, quoted so that it can be nothing else. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * The rows of a view. Each column comes as `=` and its text, or, where that was cut, as `BYTES:` and its beginning;
 * `readCell` takes that apart. Where the rows have a place of their own, the last two columns name it.
 * Everything is named with its schema: a dump may bring functions and operators of any name.
 */
export function viewQuery({ relation, sort, filters, longest, sortAsText = false, again }: Wanted): Query {
  const values: string[] = []
  const bind = (value: string): string => `$${values.push(value)}::pg_catalog.text`
  const cells = relation.columns.map((column) => cellText(column, longest))
  if (hasPlaces(relation)) cells.push('t.tableoid::pg_catalog.text', 't.ctid::pg_catalog.text')
  if (again) cells.push(cellText(columnAt(relation, again.column), again.longest))
  const where = filters.map(
    ({ column, test, value = '' }) => `(${condition(columnOf(relation, column), test, value, bind)})`,
  )
  const order = sort === null ? null : columnOf(relation, sort.column)
  const text = [
    `select ${cells.join(', ')} from ${tableOf(relation)}`,
    ...(where.length > 0 ? [`where ${where.join(' and ')}`] : []),
    ...(order && sort
      ? [`order by ${sortAsText ? printed(order) : quoted(order)} ${sort.descending ? 'desc' : 'asc'}`]
      : []),
  ].join(' ')
  return { text, values }
}

/** One value of a row that is named by its place. */
export function valueQuery(relation: Relation, column: number, place: Place, longest: number): Query {
  const text = `select ${cellText(columnAt(relation, column), longest)} from ${tableOf(relation)}
    where t.ctid = $1::pg_catalog.tid and t.tableoid = $2::pg_catalog.oid`
  return { text, values: [place.tid, place.table] }
}

/** Where a row lies: its table, which may be a partition, and its place in there. */
export type Place = { table: string; tid: string }

/** Rows of a view are computed: they have no place. */
export function hasPlaces({ kind }: Relation): boolean {
  return kind !== 'view' && kind !== 'foreign'
}

/** Takes apart what `viewQuery` says about a value. */
export function readCell(said: string | null): { text: string | null; bytes: number | null } {
  if (said === null) return { text: null, bytes: null }
  if (said.startsWith('=')) return { text: said.slice(1), bytes: null }
  const colon = said.indexOf(':')
  return { text: said.slice(colon + 1), bytes: Number(said.slice(0, colon)) }
}

function tableOf({ schema, name }: Relation): string {
  return `${quoteName(schema)}.${quoteName(name)} t`
}

function columnOf({ columns }: Relation, name: string): RelationColumn {
  const column = columns.find((each) => each.name === name)
  if (!column) throw new LifeboatFailure('invalid-input', 'This table has no such column.')
  return column
}

function columnAt({ columns }: Relation, place: number): RelationColumn {
  const column = columns[place]
  if (!column) throw new LifeboatFailure('invalid-input', 'This table has fewer columns.')
  return column
}

const quoted = ({ name }: RelationColumn): string => `t.${quoteName(name)}`

/** The output of the type's own function, which a cast is not always; text for what may be NULL must ask for that first. */
const printed = (column: RelationColumn): string =>
  column.class === 'text' ? `${quoted(column)}::pg_catalog.text` : `pg_catalog.concat(${quoted(column)})`

// IS NULL also holds for a row value whose fields are all null, and that is a value
const isNull = (column: RelationColumn): string => `${quoted(column)} is not distinct from null`

function cellText(column: RelationColumn, longest: number): string {
  const value = quoted(column)
  const size = (text: string): string => `pg_catalog.octet_length(${text})`
  const join = (...parts: string[]): string => parts.join(' operator(pg_catalog.||) ')
  const cut = (text: string): string => {
    const begin = `pg_catalog.left(${text}, ${longest})`
    return `case when ${size(begin)} operator(pg_catalog.<) ${size(text)}
      then ${join(`${size(text)}::pg_catalog.text`, `':'`, begin)} else ${join(`'='`, text)} end`
  }
  switch (column.class) {
    case 'fixed':
    case 'integer':
    case 'uuid':
      return `case when ${isNull(column)} then null else ${join(`'='`, printed(column))} end`
    case 'text':
      // PostgreSQL knows the size of a stored text without reading it, and reads no more of it than is asked for
      return cut(`${value}::pg_catalog.text`)
    case 'bytea': {
      const bytes = Math.floor(longest / 2)
      const begin = `pg_catalog.encode(pg_catalog.substring(${value}, 1, ${bytes}), 'hex')`
      const hex = join(`'\\x'`, begin)
      return `case when ${size(value)} operator(pg_catalog.>) ${bytes}
        then ${join(`${size(value)}::pg_catalog.text`, `':'`, hex)} else ${join(`'='`, hex)} end`
    }
    case 'char':
    case 'other':
      // printed once: `offset 0` keeps the planner from writing it out three times
      return `(select ${cut('s.x')} from
        (select case when ${isNull(column)} then null else ${printed(column)} end as x offset 0) s)`
  }
}

type Filter = NonNullable<BrowseView['filters']>[number]

function condition(
  column: RelationColumn,
  test: Filter['test'],
  value: string,
  bind: (value: string) => string,
): string {
  switch (test) {
    case 'null':
      return isNull(column)
    case 'not-null':
      return `${quoted(column)} is distinct from null`
    case 'contains':
      return contains(column, value, bind)
    case 'equals':
      return equals(column, value, bind)
  }
}

/** PostgreSQL's text holds no zero byte, and takes none. */
const holdsZero = (value: string): boolean => value.includes('\0')

/** Anywhere in the text, capital or small. As it stands as well: what is made small may read differently (ΑΣ, ας). */
function contains(column: RelationColumn, value: string, bind: (value: string) => string): string {
  if (holdsZero(value)) return 'false'
  const wanted = bind(value)
  // bytes are compared: a column's own collation may know no search at all
  const inBytes = (text: string): string => `${text} collate pg_catalog."C"`
  const small = (text: string): string => inBytes(`pg_catalog.lower(${text} collate pg_catalog."default")`)
  const found = (part: string, whole: string): string => `pg_catalog.strpos(${whole}, ${part}) operator(pg_catalog.>) 0`
  const text = printed(column)
  return `${quoted(column)} is distinct from null and
    (${found(small(wanted), small(text))} or ${found(inBytes(wanted), inBytes(text))})`
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const largest = 2n ** 63n

/** The text that is shown. Where an index may know the value, it is asked by the value as well. */
function equals(column: RelationColumn, value: string, bind: (value: string) => string): string {
  if (holdsZero(value)) return 'false'
  switch (column.class) {
    case 'integer':
      return isInteger(value) ? `${quoted(column)} operator(pg_catalog.=) ${bind(value)}::pg_catalog.int8` : 'false'
    case 'uuid':
      return uuid.test(value) ? `${quoted(column)} operator(pg_catalog.=) ${bind(value)}::pg_catalog.uuid` : 'false'
    case 'char':
      // blanks at its end do not count
      return `${quoted(column)} operator(pg_catalog.=) ${bind(value)}::pg_catalog.bpchar`
    case 'text': {
      const wanted = bind(value)
      const text = printed(column)
      // by the column's collation, which an index follows, and by bytes, because that collation may take two texts for one
      return `${text} operator(pg_catalog.=) ${wanted} and ${text} collate pg_catalog."C" operator(pg_catalog.=) ${wanted}`
    }
    case 'fixed':
    case 'bytea':
    case 'other':
      return `${quoted(column)} is distinct from null and
        ${printed(column)} collate pg_catalog."C" operator(pg_catalog.=) ${bind(value)}`
  }
}

/** Written as PostgreSQL writes it, and no larger than it can be. */
function isInteger(value: string): boolean {
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(value)) return false
  const number = BigInt(value)
  return number >= -largest && number < largest
}
