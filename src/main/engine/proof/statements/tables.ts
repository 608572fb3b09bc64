import { quoteName } from '#engine/fingerprint/query.ts'
import { Cursor, splitAtCommas, type QualifiedName } from './cursor.ts'
import { definition, text, type Expectations, type Fact, type Replay } from './expected.ts'
import type { FullToken } from './tokens.ts'

/** A statement that is being read: its tokens, and the text that they stand in. */
export type Statement = { cursor: Cursor; source: string }

/** The text of these tokens as it stands in the statement. */
export function sourceOf(source: string, tokens: readonly FullToken[]): string {
  return source.slice(tokens[0]?.from ?? 0, tokens.at(-1)?.to ?? 0)
}

export function sqlName({ schema, name }: QualifiedName): string {
  return schema === '' ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
}

export function sqlText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** An empty table with the same columns, where definitions can be tried. */
export function clone(table: QualifiedName): { setup: string[]; name: string } {
  const name = `pg_temp.${quoteName(table.name)}`
  return { setup: [`CREATE TABLE ${name} (LIKE ${sqlName(table)})`], name }
}

/** `CREATE TABLE s.t (…)` and `CREATE FOREIGN TABLE`, behind the TABLE. */
export function createTable({ cursor, source }: Statement, expect: Expectations, kind: string): void {
  const table = cursor.qualified()
  if (table === null) return
  // a typed table, or a partition that is created as one, lists no columns that could be compared
  const typed = cursor.is('OF') || cursor.is('PARTITION', 'OF')
  if (typed) cursor.toParens()
  const items = splitAtCommas(cursor.parens() ?? [])
  cursor.skip('INHERITS')
  const inherits = cursor.at > 0 && cursor.tokens[cursor.at - 1]?.text.toUpperCase() === 'INHERITS'
  const parents = inherits ? splitAtCommas(cursor.parens() ?? []) : []
  const facts: Record<string, Fact> = {}
  const columns: string[] = []
  const later: (() => void)[] = []
  for (const item of items) {
    const at = new Cursor(item)
    const constraint = at.skip('CONSTRAINT') ? at.name() : null
    if (constraint !== null && at.is('CHECK')) {
      const rest = at.rest()
      later.push(() => addConstraint({ table, name: constraint, rest, source }, expect))
    } else if (at.skip('NOT', 'NULL')) {
      const column = at.name()
      if (column !== null) facts[`null ${column}`] = text('no')
    } else if (!typed) {
      const column = at.name()
      if (column === null) continue
      columns.push(column)
      Object.assign(facts, columnFacts(at, { table, column, source }))
    }
  }
  // pg_dump leaves out a NOT NULL that an heir's column also has from above
  if (inherits) for (const column of columns) if (facts[`null ${column}`] === mayBeNull) delete facts[`null ${column}`]
  if (!typed) facts[inherits ? 'some columns' : 'columns'] = text(JSON.stringify(columns))
  if (cursor.skip('PARTITION', 'BY')) facts['partitioned by'] = definition(cursor.until('WITH', 'USING', ';'))
  expect.add(kind, table, { facts })
  for (const add of later) add()
  for (const parent of parents) inherit(expect, table, new Cursor(parent).qualified(), null)
}

/** That a table is a child of another one, as heir or as partition with these bounds. */
export function inherit(
  expect: Expectations,
  child: QualifiedName | null,
  parent: QualifiedName | null,
  bound: FullToken[] | null,
) {
  if (child === null || parent === null) return
  const facts = bound === null ? {} : { bound: definition(bound) }
  expect.add(bound === null ? 'inheritance' : 'partition', child, { of: parent, facts })
}

const mayBeNull = text('yes')

type ColumnPlace = { table: QualifiedName; column: string; source: string }

/** What stands behind a column's name. */
function columnFacts(at: Cursor, { table, column, source }: ColumnPlace): Record<string, Fact> {
  const ends = [
    'COLLATE',
    'DEFAULT',
    'GENERATED',
    'NOT NULL',
    'CONSTRAINT',
    'STORAGE',
    'COMPRESSION',
    'OPTIONS',
    'WITH OPTIONS',
  ]
  const type = at.until(...ends)
  const facts: Record<string, Fact> = {
    [`type ${column}`]: definition(type),
    [`null ${column}`]: mayBeNull,
    [`default ${column}`]: { ...definition([]), stable: true },
  }
  while (!at.done) {
    if (at.skip('NOT', 'NULL')) facts[`null ${column}`] = text('no')
    else if (at.skip('COLLATE')) facts[`collation ${column}`] = text((at.path() ?? []).join('.'))
    else if (at.skip('DEFAULT')) {
      facts[`default ${column}`] = defaultFact(table, column, at.until(...ends), source)
    } else if (at.skip('GENERATED', 'ALWAYS', 'AS')) {
      const expression = at.parens() ?? []
      const how = at.token?.text ?? 'STORED'
      const { setup, name } = clone(table)
      const made = `${quoteName(column)} ${sourceOf(source, type)} GENERATED ALWAYS AS (${sourceOf(source, expression)}) ${how}`
      const statement = `ALTER TABLE ${name} DROP COLUMN ${quoteName(column)}, ADD COLUMN ${made}`
      facts[`default ${column}`] = definition(expression, { setup, statement, read: readDefault(table, column) })
    } else at.at++
  }
  return facts
}

function readDefault(table: QualifiedName, column: string): string {
  return `SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    WHERE d.adrelid = ${sqlText(clone(table).name)}::pg_catalog.regclass AND a.attname = ${sqlText(column)}`
}

function defaultFact(table: QualifiedName, column: string, expression: FullToken[], source: string): Fact {
  const { setup, name } = clone(table)
  const statement = `ALTER TABLE ${name} ALTER COLUMN ${quoteName(column)} SET DEFAULT ${sourceOf(source, expression)}`
  return definition(expression, { setup, statement, read: readDefault(table, column) })
}

type ConstraintPlace = { table: QualifiedName; name: string; rest: FullToken[]; source: string }

/** A constraint of a table, from the word behind its name on. */
function addConstraint({ table, name, rest, source }: ConstraintPlace, expect: Expectations): void {
  const cursor = new Cursor(rest)
  const indexed = cursor.is('PRIMARY') || cursor.is('UNIQUE')
  const expression = cursor.is('CHECK') || cursor.is('EXCLUDE')
  // they come last; within the parentheses `NOT valid` is about a column of that name
  const end = new Cursor(rest.slice(-2))
  const open = end.is('NOT', 'VALID') || end.is('NOT', 'ENFORCED')
  const facts = {
    definition: definition(
      indexed ? withoutOptions(rest) : rest,
      expression ? tried({ table, name, rest, source }) : null,
    ),
    validated: text(open ? 'no' : 'yes'),
  }
  if (cursor.skip('NOT', 'NULL')) {
    // also one that is NOT VALID: PostgreSQL calls its column NOT NULL
    const column = cursor.name()
    return column === null ? undefined : changeTable(expect, table, { [`null ${column}`]: text('no') })
  }
  expect.add('constraint', { schema: table.schema, name }, { of: table, facts })
}

function tried({ table, name, rest, source }: ConstraintPlace): Replay {
  const { setup, name: to } = clone(table)
  return {
    setup,
    statement: `ALTER TABLE ${to} ADD CONSTRAINT ${quoteName(name)} ${sourceOf(source, rest)}`,
    read: `SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint
      WHERE conrelid = ${sqlText(to)}::pg_catalog.regclass AND conname = ${sqlText(name)}`,
  }
}

/** Without `WITH (fillfactor=…)`, which a definition of a constraint does not show. */
function withoutOptions(tokens: readonly FullToken[]): FullToken[] {
  const cursor = new Cursor(tokens)
  const head = cursor.until('WITH')
  if (cursor.skip('WITH')) cursor.parens()
  return [...head, ...cursor.rest()]
}

/** `ALTER TABLE [ONLY] s.t …` and ALTER FOREIGN TABLE, behind the TABLE. */
export function alterTable({ cursor, source }: Statement, expect: Expectations): void {
  cursor.skip('IF', 'EXISTS')
  cursor.skip('ONLY')
  const table = cursor.qualified()
  if (table === null) return
  if (cursor.skip('ADD', 'CONSTRAINT')) {
    const name = cursor.name()
    if (name !== null) addConstraint({ table, name, rest: cursor.rest(), source }, expect)
  } else if (cursor.skip('ATTACH', 'PARTITION')) {
    const child = cursor.qualified()
    inherit(expect, child, table, cursor.rest())
  } else if (cursor.skip('INHERIT')) inherit(expect, cursor.qualified(), table, null)
  else if (cursor.skip('ALTER', 'COLUMN')) alterColumn({ cursor, source }, table, expect)
  else alterState(cursor, table, expect)
}

function alterColumn({ cursor, source }: Statement, table: QualifiedName, expect: Expectations): void {
  const column = cursor.name()
  if (column === null) return
  if (cursor.skip('SET', 'DEFAULT')) {
    changeTable(expect, table, { [`default ${column}`]: defaultFact(table, column, cursor.rest(), source) })
  } else if (cursor.skip('SET', 'NOT', 'NULL')) changeTable(expect, table, { [`null ${column}`]: text('no') })
  else if (cursor.skip('ADD', 'GENERATED')) {
    const how = cursor.is('ALWAYS') ? 'always' : 'by default'
    changeTable(expect, table, { [`identity ${column}`]: text(how) })
    cursor.until('IDENTITY')
    cursor.skip('IDENTITY')
    const options = new Cursor(cursor.parens() ?? [])
    if (options.skip('SEQUENCE', 'NAME')) {
      const sequence = options.qualified()
      const owned = { 'owned by': text(JSON.stringify([table.schema, table.name, column])) }
      expect.add('sequence', sequence, { facts: { ...sequenceFacts(options), ...owned } })
    }
  }
}

/** The options of a sequence, as far as the dump names them. */
export function sequenceFacts(cursor: Cursor): Record<string, Fact> {
  const facts: Record<string, Fact> = { cycles: text('no') }
  while (!cursor.done) {
    if (cursor.skip('START', 'WITH')) facts['start'] = text(number(cursor))
    else if (cursor.skip('INCREMENT', 'BY')) facts['increment'] = text(number(cursor))
    else if (cursor.skip('CACHE')) facts['cache'] = text(number(cursor))
    else if (cursor.skip('NO', 'MINVALUE') || cursor.skip('NO', 'MAXVALUE') || cursor.skip('NO', 'CYCLE')) continue
    else if (cursor.skip('MINVALUE')) facts['minimum'] = text(number(cursor))
    else if (cursor.skip('MAXVALUE')) facts['maximum'] = text(number(cursor))
    else if (cursor.skip('CYCLE')) facts['cycles'] = text('yes')
    else cursor.at++
  }
  return facts
}

export function number(cursor: Cursor): string {
  const sign = cursor.skipPunct('-') ? '-' : ''
  const digits = cursor.token?.text ?? ''
  cursor.at++
  return `${sign}${digits}`
}

function changeTable(expect: Expectations, table: QualifiedName, facts: Record<string, Fact>): void {
  expect.change('table', table, facts)
  expect.change('foreign table', table, facts)
}

/** Row security, triggers and rules that are switched. */
function alterState(cursor: Cursor, table: QualifiedName, expect: Expectations): void {
  if (cursor.is('ENABLE', 'ROW')) changeTable(expect, table, { 'row security': text('yes') })
  else if (cursor.is('FORCE', 'ROW')) changeTable(expect, table, { 'row security forced': text('yes') })
  else {
    const state = cursor.skip('DISABLE')
      ? 'D'
      : cursor.skip('ENABLE', 'ALWAYS')
        ? 'A'
        : cursor.skip('ENABLE', 'REPLICA')
          ? 'R'
          : 'O'
    if (state === 'O') cursor.skip('ENABLE')
    const kind = cursor.skip('TRIGGER') ? 'trigger' : cursor.skip('RULE') ? 'rule' : null
    const name = kind === null ? null : cursor.name()
    if (kind === null || name === null) return
    expect.change(kind, { schema: table.schema, name }, { enabled: text(state) }, table)
  }
}
