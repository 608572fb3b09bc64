/** The encoding of a database as PostgreSQL names it (`pg_encoding_to_char`). */
export type TextEncoding = string

/** The hash is of the bytes that stand in the dump: its UTF-8, or bytes that have no encoding. */
const asItStands = new Set(['UTF8', 'SQL_ASCII'])

/** Every byte but 0 is a character, so any bytes pass for a text. */
const singleByte = /^(LATIN\d+|ISO_8859_\d|WIN\d+|KOI8[RU])$/

/**
 * Why fingerprints of a database in this encoding can't be computed there; null when they can.
 * @param major major version of that server
 */
export function whyNoFingerprint(encoding: TextEncoding, major: number): string | null {
  if (asItStands.has(encoding) || singleByte.test(encoding) || major >= 18) return null
  return `PostgreSQL ${major} can not hash the UTF-8 of a text that it keeps in ${encoding}`
}

/** The 64-bit hash of a text, of its UTF-8 whatever the encoding of the database. */
export function hashOf(text: string, encoding: TextEncoding): string {
  if (asItStands.has(encoding)) return `pg_catalog.hashtextextended((${text}) COLLATE pg_catalog."C", 0)`
  const utf8 = `pg_catalog.convert_to(${text}, 'UTF8')`
  if (!singleByte.test(encoding)) return `pg_catalog.hashbyteaextended(${utf8}, 0)`
  // The bytes are taken for a text once more: before 18 no function that SQL can call hashes bytea.
  return `pg_catalog.hashtextextended(pg_catalog.convert_from(${utf8}, '${encoding}') COLLATE pg_catalog."C", 0)`
}
