import { Cursor, splitAtCommas } from './cursor.ts'
import type { Expectations } from './expected.ts'
import type { FullToken } from './tokens.ts'

/**
 * What privileges are about and for whom. Functions of one name share a key. A column's privileges have the column's name
 * behind the table's.
 */
export function grantKey(kind: string, path: readonly string[], column: string | null, grantee: string): string {
  return JSON.stringify([kind, ...path, column, grantee])
}

/** How a dump calls the kinds, and how they are called in keys. */
const kinds: Record<string, string> = {
  TABLE: 'table',
  SEQUENCE: 'table',
  FUNCTION: 'routine',
  PROCEDURE: 'routine',
  SCHEMA: 'schema',
  TYPE: 'type',
  DOMAIN: 'type',
  LANGUAGE: 'language',
  'FOREIGN DATA WRAPPER': 'foreign data wrapper',
  'FOREIGN SERVER': 'server',
  'LARGE OBJECT': 'large object',
}

/** All privileges of a kind that every version since 13 has. */
const everything: Record<string, string[]> = {
  TABLE: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'],
  SEQUENCE: ['SELECT', 'UPDATE', 'USAGE'],
  FUNCTION: ['EXECUTE'],
  PROCEDURE: ['EXECUTE'],
  SCHEMA: ['USAGE', 'CREATE'],
  'LARGE OBJECT': ['SELECT', 'UPDATE'],
}
const everythingOfColumns = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']

/** `GRANT … ON … TO …`, behind the GRANT. What a revocation takes away is not looked at. */
export function grant(cursor: Cursor, expect: Expectations): void {
  const items = splitAtCommas(cursor.until('ON'))
  if (!cursor.skip('ON')) return
  const kind = Object.keys(kinds).find((one) => cursor.skip(...one.split(' ')))
  if (kind === undefined) return
  const path = kind === 'LARGE OBJECT' ? largeObject(cursor) : cursor.path()
  if (path === null) return
  cursor.parens()
  const grantees = readGrantees(cursor)
  const suffix = withOption(cursor) ? '*' : ''
  const target = (column: string | null, privileges: string[]) => {
    for (const grantee of grantees) {
      const key = grantKey(kinds[kind] ?? '', path, column, grantee)
      const shown = `${kind.toLowerCase()} ${[...path, ...(column === null ? [] : [column])].join('.')} to ${grantee || 'PUBLIC'}`
      expect.grant({ key, shown, privileges: privileges.map((one) => one + suffix) })
    }
  }
  for (const { name, columns } of items.map(readPrivilege)) {
    const all = columns.length > 0 ? everythingOfColumns : (everything[kind] ?? ['USAGE'])
    const privileges = name === 'ALL' || name === 'ALL PRIVILEGES' ? all : [name]
    if (columns.length === 0) target(null, privileges)
    for (const column of columns) target(column, privileges)
  }
}

function readPrivilege(item: readonly FullToken[]): { name: string; columns: string[] } {
  const cursor = new Cursor(item).toParens()
  const name = item.slice(0, cursor.at).map((token) => token.text.toUpperCase())
  const columns = splitAtCommas(cursor.parens() ?? []).map((one) => new Cursor(one).name() ?? '')
  return { name: name.join(' '), columns }
}

function largeObject(cursor: Cursor): string[] {
  const oid = cursor.token?.text ?? ''
  cursor.at++
  return [oid]
}

/** Names of roles behind TO; PUBLIC is ''. */
function readGrantees(cursor: Cursor): string[] {
  const grantees: string[] = []
  if (!cursor.skip('TO')) return grantees
  do {
    const everybody = cursor.is('PUBLIC')
    const name = cursor.name()
    if (name !== null) grantees.push(everybody ? '' : name)
  } while (cursor.skipPunct(','))
  return grantees
}

function withOption(cursor: Cursor): boolean {
  return cursor.skip('WITH', 'GRANT', 'OPTION')
}

const defaultKinds: Record<string, string> = {
  TABLES: 'TABLE',
  SEQUENCES: 'SEQUENCE',
  FUNCTIONS: 'FUNCTION',
  ROUTINES: 'FUNCTION',
  TYPES: 'TYPE',
  SCHEMAS: 'SCHEMA',
  'LARGE OBJECTS': 'LARGE OBJECT',
}

/** `ALTER DEFAULT PRIVILEGES FOR ROLE r [IN SCHEMA s] GRANT … ON … TO …`, behind PRIVILEGES. */
export function defaultPrivileges(cursor: Cursor, expect: Expectations): void {
  if (!cursor.skip('FOR', 'ROLE')) return
  const role = cursor.name() ?? ''
  const schema = cursor.skip('IN', 'SCHEMA') ? (cursor.name() ?? '') : ''
  if (!cursor.skip('GRANT')) return
  const items = splitAtCommas(cursor.until('ON'))
  cursor.skip('ON')
  const kind = Object.keys(defaultKinds).find((one) => cursor.skip(...one.split(' ')))
  if (kind === undefined) return
  const singular = defaultKinds[kind] ?? ''
  const grantees = readGrantees(cursor)
  const suffix = withOption(cursor) ? '*' : ''
  const names = items.map((item) => readPrivilege(item).name)
  const privileges = names.flatMap((name) =>
    name === 'ALL' || name === 'ALL PRIVILEGES' ? (everything[singular] ?? ['USAGE']) : [name],
  )
  for (const grantee of grantees) {
    const key = grantKey('default', [role, schema, kind], null, grantee)
    const shown = `${kind.toLowerCase()} that ${role} makes, to ${grantee || 'PUBLIC'}`
    expect.grant({ key, shown, privileges: privileges.map((one) => one + suffix) })
  }
}
