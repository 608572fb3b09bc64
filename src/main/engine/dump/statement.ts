import type { TokenKind } from './lexer.ts'

export interface Token {
  kind: TokenKind
  text: string
}

/** A COPY or INSERT target. */
export interface Target {
  schema: string
  name: string
  /** Null where the statement names none. */
  columns: string[] | null
}

const skippedAfterCreate = new Set(
  'OR REPLACE UNIQUE UNLOGGED TEMP TEMPORARY GLOBAL LOCAL TRUSTED PROCEDURAL DEFAULT CONSTRAINT RECURSIVE'.split(' '),
)
const twoWords = new Set([
  'ACCESS METHOD',
  'DEFAULT PRIVILEGES',
  'EVENT TRIGGER',
  'FOREIGN TABLE',
  'LARGE OBJECT',
  'MATERIALIZED VIEW',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'USER MAPPING',
])
const threeWords = new Set([
  'FOREIGN DATA WRAPPER',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
])
const objects = new Set(
  (
    'AGGREGATE CAST COLLATION CONVERSION DATABASE DOMAIN EXTENSION FUNCTION INDEX LANGUAGE OPERATOR POLICY PROCEDURE ' +
    'PUBLICATION ROLE RULE SCHEMA SEQUENCE SERVER STATISTICS SUBSCRIPTION TABLE TABLESPACE TRANSFORM TRIGGER TYPE VIEW'
  ).split(' '),
)
const verbs = new Set(
  (
    'ALTER ANALYZE BEGIN CALL COMMENT COMMIT COPY CREATE DELETE DO DROP GRANT INSERT LOCK REFRESH REINDEX RESET REVOKE ROLLBACK ' +
    'SECURITY SELECT SET TRUNCATE UPDATE VACUUM'
  ).split(' '),
)

function upper(tokens: readonly Token[], count: number): string[] {
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind !== 'word' || words.length === count) break
    words.push(token.text.toUpperCase())
  }
  return words
}

/** The name under which a statement is counted. From a closed set, since the text of a dump is not to be trusted. */
export function statementKind(tokens: readonly Token[]): string {
  const words = upper(tokens, 8)
  const verb = words[0] ?? ''
  if (!verbs.has(verb)) return 'other'
  if (verb === 'SELECT') return selectKind(tokens)
  if (verb === 'REFRESH') return 'REFRESH MATERIALIZED VIEW'
  if (verb !== 'CREATE' && verb !== 'ALTER' && verb !== 'DROP') return verb
  let at = 1
  // `DEFAULT PRIVILEGES` is an object of its own.
  if (words[1] !== 'DEFAULT' || words[2] !== 'PRIVILEGES') {
    while (skippedAfterCreate.has(words[at] ?? '')) at++
  }
  const three = words.slice(at, at + 3).join(' ')
  if (threeWords.has(three)) return `${verb} ${three}`
  const two = words.slice(at, at + 2).join(' ')
  if (twoWords.has(two)) return `${verb} ${two}`
  return objects.has(words[at] ?? '') ? `${verb} ${words[at]}` : `${verb} other`
}

const functions = new Set(['setval', 'set_config', 'lo_create', 'lo_open', 'lowrite', 'lo_close', 'lo_unlink'])

/** A SELECT by the function that it calls; `other` where pg_dump calls no such function. */
function selectKind(tokens: readonly Token[]): string {
  // planner statistics, which pg_dump writes on demand from 18 on: SELECT * FROM pg_catalog.pg_restore_…
  const statistics = tokens.slice(1, 6).some((token) => /^pg_restore_\w+_stats$/.test(token.text))
  if (statistics && isPunct(tokens[1], '*')) return 'SELECT pg_restore_stats'
  const at = isPunct(tokens[2], '.') ? 3 : 1
  const called = tokens[at]
  if (called !== undefined && functions.has(called.text)) return `SELECT ${called.text}`
  return identifier(called) !== null && isPunct(tokens[at + 1], '(') ? 'other' : 'SELECT'
}

/** Whether a token is this keyword. A quoted name never is. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word
}

function isPunct(token: Token | undefined, character: string): boolean {
  return token?.kind === 'punct' && token.text === character
}

/** An identifier as PostgreSQL folds it; null when the token is none. */
function identifier(token: Token | undefined): string | null {
  if (token?.kind === 'name') return token.text
  // Only ASCII is folded, as PostgreSQL does in UTF-8.
  if (token?.kind === 'word') return token.text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return null
}

/** Reads `name`, `schema.name` and an optional list of columns from `at` on. Null when that is not what stands there. */
function readTarget(tokens: readonly Token[], at: number): { target: Target; next: number } | null {
  const first = identifier(tokens[at])
  if (first === null) return null
  let next = at + 1
  let schema = ''
  let name = first
  if (isPunct(tokens[next], '.')) {
    const second = identifier(tokens[next + 1])
    if (second === null) return null
    schema = first
    name = second
    next += 2
  }
  if (!isPunct(tokens[next], '(')) return { target: { schema, name, columns: null }, next }
  const columns: string[] = []
  next++
  while (!isPunct(tokens[next], ')')) {
    const column = identifier(tokens[next])
    if (column === null) return null
    columns.push(column)
    next++
    if (isPunct(tokens[next], ',')) next++
    else if (!isPunct(tokens[next], ')')) return null
  }
  return { target: { schema, name, columns }, next: next + 1 }
}

export type CopyStatement =
  | { from: 'stdin'; target: Target; plain: boolean }
  /** To or from a file or a program. */
  | { from: 'elsewhere' }
  /** No COPY that the server would take. */
  | { from: 'unclear' }

/** What a COPY statement does. `plain`: without options, the text format. */
export function readCopy(tokens: readonly Token[]): CopyStatement {
  const read = readTarget(tokens, 1)
  if (!read || !isWord(tokens[read.next], 'FROM') || !isWord(tokens[read.next + 1], 'STDIN')) {
    const reaches = tokens.some((token) => token.kind === 'string' || isWord(token, 'TO') || isWord(token, 'PROGRAM'))
    return { from: reaches ? 'elsewhere' : 'unclear' }
  }
  return { from: 'stdin', target: read.target, plain: tokens.length === read.next + 2 }
}

export type InsertStatement =
  { form: 'values' | 'default values'; target: Target } | { form: 'other'; target: Target | null }

/** What an INSERT does, from its tokens up to VALUES or to its end. */
export function readInsert(tokens: readonly Token[]): InsertStatement {
  const read = readTarget(tokens, 2)
  if (!read) return { form: 'other', target: null }
  let at = read.next
  if (isWord(tokens[at], 'OVERRIDING') && isWord(tokens[at + 2], 'VALUE')) at += 3
  if (isWord(tokens[at], 'VALUES')) return { form: 'values', target: read.target }
  const defaults = isWord(tokens[at], 'DEFAULT') && isWord(tokens[at + 1], 'VALUES')
  return { form: defaults ? 'default values' : 'other', target: read.target }
}

/** Whether these tokens are an INSERT of which the next token begins the rows. */
export function opensValues(tokens: readonly Token[]): boolean {
  return (
    isWord(tokens[0], 'INSERT') &&
    isWord(tokens[1], 'INTO') &&
    isWord(tokens.at(-1), 'VALUES') &&
    !isWord(tokens.at(-2), 'DEFAULT')
  )
}

/** `SET name = value` or `SET name TO value`, the value as text. */
export function readSetting(tokens: readonly Token[]): { name: string; value: string } | null {
  const at = isWord(tokens[1], 'SESSION') || isWord(tokens[1], 'LOCAL') ? 2 : 1
  const name = identifier(tokens[at])
  if (name === null || !(isPunct(tokens[at + 1], '=') || isWord(tokens[at + 1], 'TO'))) return null
  const value = tokens[at + 2]
  return value === undefined ? null : { name: name.toLowerCase(), value: value.text }
}

/** The name in `CREATE EXTENSION [IF NOT EXISTS] name`. */
export function createdExtension(tokens: readonly Token[]): string | null {
  return identifier(tokens[isWord(tokens[2], 'IF') ? 5 : 2])
}

/** The table that CREATE TABLE makes, by its own name. */
export function createdTable(tokens: readonly Token[]): { schema: string; name: string } | null {
  let at = tokens.findIndex((token) => isWord(token, 'TABLE')) + 1
  if (isWord(tokens[at], 'IF')) at += 3
  const first = identifier(tokens[at])
  if (first === null) return null
  if (!isPunct(tokens[at + 1], '.')) return { schema: '', name: first }
  const second = identifier(tokens[at + 2])
  return second === null ? null : { schema: first, name: second }
}

/** The zone that `ALTER DATABASE … SET "TimeZone" TO '…'` gives to a database. */
export function databaseTimeZone(tokens: readonly Token[]): string | null {
  const at = tokens.findIndex((token) => isWord(token, 'SET'))
  if (at < 0 || identifier(tokens[at + 1])?.toLowerCase() !== 'timezone') return null
  return tokens[at + 3]?.text ?? null
}

const nobody = new Set(['public', 'current_user', 'current_role', 'session_user'])

/** Roles that a statement needs, as owner, grantee or grantor. */
export function rolesIn(kind: string, tokens: readonly Token[]): string[] {
  if (kind === 'GRANT' || kind === 'REVOKE') return grantees(tokens)
  if (kind === 'ALTER DEFAULT PRIVILEGES') return [...after(tokens, ['FOR', 'ROLE']), ...grantees(tokens)]
  if (kind === 'CREATE POLICY') return after(tokens, ['TO'])
  if (kind === 'CREATE USER MAPPING') return after(tokens, ['FOR'])
  if (kind === 'CREATE SCHEMA') return after(tokens, ['AUTHORIZATION'])
  if (kind.startsWith('ALTER ')) return after(tokens, ['OWNER', 'TO'])
  if (kind === 'SET' && isWord(tokens[1], 'SESSION') && isWord(tokens[2], 'AUTHORIZATION')) {
    return tokens[3]?.kind === 'string' || tokens[3]?.kind === 'name' ? [tokens[3].text] : []
  }
  return []
}

function grantees(tokens: readonly Token[]): string[] {
  return [...after(tokens, ['TO']), ...after(tokens, ['FROM']), ...after(tokens, ['GRANTED', 'BY'])]
}

/** The list of names behind the first of these words that stands outside of parentheses. */
function after(tokens: readonly Token[], words: readonly string[]): string[] {
  let parens = 0
  for (let at = 0; at < tokens.length; at++) {
    if (isPunct(tokens[at], '(')) parens++
    else if (isPunct(tokens[at], ')')) parens--
    if (parens > 0 || !words.every((word, i) => isWord(tokens[at + i], word))) continue
    return nameList(tokens, at + words.length)
  }
  return []
}

function nameList(tokens: readonly Token[], from: number): string[] {
  const names: string[] = []
  let at = from
  while (true) {
    const token = tokens[at]
    const name = identifier(token)
    if (name === null) return names
    if (token?.kind === 'name' || !nobody.has(name)) names.push(name)
    if (!isPunct(tokens[at + 1], ',')) return names
    at += 2
  }
}

/** The role that CREATE ROLE makes. */
export function createdRole(tokens: readonly Token[]): string | null {
  return identifier(tokens[2])
}
