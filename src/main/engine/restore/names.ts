/** A name as it stands in SQL, quoted or not. */
export const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*)`
const QUALIFIED = String.raw`(${NAME})\s*\.\s*(${NAME})`

const index = new RegExp(String.raw`^CREATE (?:UNIQUE )?INDEX (?:${NAME} )?ON (?:ONLY )?${QUALIFIED}\s`, 'u')
const constraint = new RegExp(
  String.raw`^ALTER TABLE (?:ONLY )?${QUALIFIED}\s+ADD CONSTRAINT ${NAME} (PRIMARY KEY|UNIQUE|EXCLUDE|FOREIGN KEY)\s`,
  'u',
)
const references = new RegExp(String.raw`\sREFERENCES ${QUALIFIED}`, 'u')

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text for SQL, whatever standard_conforming_strings says. */
export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return quoted.includes('\\') ? `E${quoted}` : quoted
}

/** A table within one database, as a key. */
export function tableKey(schema: string, name: string): string {
  return JSON.stringify([schema, name])
}

function plainName(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase()
}

function keyOf(schema: string | undefined, name: string | undefined): string | null {
  return schema === undefined || name === undefined ? null : tableKey(plainName(schema), plainName(name))
}

/** What building a key or an index needs to itself. */
export type HeavyWork =
  { work: 'index' | 'constraint'; table: string } | { work: 'foreign key'; table: string; referenced: string }

/** Whether a statement builds an index or a constraint over rows, and on which tables. Null: neither, or not sure. */
export function heavyWork(kind: string, text: string): HeavyWork | null {
  if (kind === 'CREATE INDEX') {
    const found = index.exec(text)
    const table = keyOf(found?.[1], found?.[2])
    return table === null ? null : { work: 'index', table }
  }
  if (kind !== 'ALTER TABLE') return null
  const found = constraint.exec(text)
  const table = keyOf(found?.[1], found?.[2])
  if (!found || table === null || / USING INDEX "?[^ ]+;$/.test(text)) return null
  if (found[3] !== 'FOREIGN KEY') return { work: 'constraint', table }
  const other = references.exec(text)
  const referenced = keyOf(other?.[1], other?.[2])
  return referenced === null ? null : { work: 'foreign key', table, referenced }
}

/** The name behind the leading words of a statement, such as `CREATE DATABASE`. */
export function nameAfter(words: string, text: string): string | null {
  const found = new RegExp(String.raw`^${words}\s+(${NAME})`, 'su').exec(text)
  return found?.[1] === undefined ? null : plainName(found[1])
}

/** The table or view behind the leading words of a statement, as `tableKey`. */
export function tableAfter(words: string, text: string): string | null {
  const found = new RegExp(String.raw`^${words}\s+${QUALIFIED}`, 'u').exec(text)
  return keyOf(found?.[1], found?.[2])
}

/** The owner that `ALTER … OWNER TO` gives. */
export function newOwner(text: string): string | null {
  const found = new RegExp(String.raw`\sOWNER TO (${NAME});$`, 'u').exec(text)
  return found?.[1] === undefined ? null : plainName(found[1])
}

/** Turns an event trigger off. */
export function disableEventTrigger(name: string): string {
  return `ALTER EVENT TRIGGER ${quoteName(name)} DISABLE`
}
