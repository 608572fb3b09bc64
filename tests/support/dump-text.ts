/** Writes dumps the way pg_dump does, so that tests can say what a file holds without a PostgreSQL. */

export type Value = string | null
export interface TableData {
  schema: string
  name: string
  columns: string[]
  rows: Value[][]
}

export const header = `--
-- PostgreSQL database dump
--

-- Dumped from database version 18.1
-- Dumped by pg_dump version 18.1

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

`
export const footer = `--
-- PostgreSQL database dump complete
--

`

/** A whole dump around a body. */
export function dumpOf(body: string): string {
  return `${header}${body}\n${footer}`
}

/** Quoted whenever pg_dump might quote it. */
export function ident(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

const escaped: Record<string, string> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function copyField(value: Value): string {
  return value === null ? '\\N' : value.replaceAll(/[\\\b\f\n\r\t\v]/g, (c) => escaped[c] ?? c)
}

export function copyBlock({ schema, name, columns, rows }: TableData): string {
  const list = columns.length === 0 ? '' : `(${columns.map(ident).join(', ')})`
  const lines = rows.map((row) => `${row.map(copyField).join('\t')}\n`).join('')
  return `COPY ${ident(schema)}.${ident(name)} ${list} FROM stdin;\n${lines}\\.\n\n`
}

function literal(value: Value): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`
}

/** The same rows as INSERTs, so many to a statement. */
export function inserts({ schema, name, columns, rows }: TableData, perStatement: number, named: boolean): string {
  const target = `INSERT INTO ${ident(schema)}.${ident(name)}`
  if (columns.length === 0) return rows.map(() => `${target} DEFAULT VALUES;\n`).join('')
  const list = named ? ` (${columns.map(ident).join(', ')})` : ''
  let text = ''
  for (let i = 0; i < rows.length; i += perStatement) {
    const tuples = rows.slice(i, i + perStatement).map((row) => `(${row.map(literal).join(', ')})`)
    text += `${target}${list} VALUES${tuples.length > 1 ? '\n\t' : ' '}${tuples.join(',\n\t')};\n`
  }
  return text
}

/** A row's text as its hash is taken of. */
export function rowText(row: Value[]): string {
  return row.map((value) => value ?? '\u0001N').join('\t')
}

/** A source that gives these bytes in pieces of so many. */
export async function* pieces(bytes: Uint8Array, size: number = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

/** A source that gives these bytes split at these places. */
export async function* splitAt(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    if (cut > from) yield bytes.subarray(from, cut)
    from = cut
  }
}
