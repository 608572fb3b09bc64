import type { DumpPlan, PlannedStatement } from '#engine/dump/plan.ts'
import {
  createDomain,
  createIndex,
  createPolicy,
  createRoutine,
  createRule,
  createStatistics,
  createTrigger,
  createType,
  createView,
  refreshed,
} from './code.ts'
import { Cursor, type QualifiedName } from './cursor.ts'
import { Expectations, text } from './expected.ts'
import { defaultPrivileges, grant } from './grants.ts'
import { alterTable, createTable, inherit, number, sequenceFacts } from './tables.ts'
import { canonical, plainText, tokenize } from './tokens.ts'

/**
 * What a dump creates in each of its databases; the key is the dump's name of it, '' where it has only one.
 * @param without indexes of statements that could not be carried out here, and that says nothing about the copy
 */
export function readExpectations(plan: DumpPlan, without: ReadonlySet<number>): Map<string, Expectations> {
  const all = new Map<string, Expectations>()
  let standardStrings = true
  plan.steps.forEach((step, index) => {
    if (step.step !== 'statement') return
    if (step.kind === 'SET') {
      const strings = /^\s*SET\s+standard_conforming_strings\s*(?:=|TO)\s*'?(\w+)/i.exec(step.text)?.[1]
      if (strings !== undefined) standardStrings = strings.toLowerCase() !== 'off'
    }
    if (without.has(index)) return
    const name = step.database ?? ''
    let expect = all.get(name)
    if (expect === undefined) {
      expect = new Expectations()
      all.set(name, expect)
    }
    expect.from(index, step.place)
    readStatement(step, expect, standardStrings)
  })
  return all
}

function readStatement(step: PlannedStatement, expect: Expectations, standardStrings: boolean): void {
  const { kind } = step
  if (!read.has(kind) && !(kind in byName)) return
  // Bytes that are no UTF-8 look the same here and in what PostgreSQL answers.
  const source = step.raw ? Buffer.from(step.text, 'latin1').toString('utf8') : step.text
  const tokens = tokenize(source, standardStrings)
  if (tokens.at(-1)?.text === ';') tokens.pop()
  const cursor = new Cursor(tokens)
  if (kind === 'SELECT setval' || kind === 'SELECT lo_create') {
    readCall(kind, cursor, expect)
    return
  }
  if (kind === 'COMMENT') {
    readComment(cursor, expect)
    return
  }
  const words = kind.split(' ')
  // `CREATE OR REPLACE`, `UNIQUE`, `UNLOGGED` stand between the verb and the object
  if (words.length > 1 && !cursor.seek(...words.slice(1))) return
  if (words.length === 1) cursor.at = 1
  const name = byName[kind]
  if (name !== undefined) {
    cursor.skip('IF', 'NOT', 'EXISTS')
    const path = cursor.qualified()
    expect.add(name, path)
    return
  }
  readObject(kind, { cursor, source }, expect)
}

/** Objects of which only the name is compared. */
const byName: Record<string, string> = {
  'CREATE SCHEMA': 'schema',
  'CREATE EXTENSION': 'extension',
  'CREATE COLLATION': 'collation',
  'CREATE CONVERSION': 'conversion',
  'CREATE TEXT SEARCH CONFIGURATION': 'text search configuration',
  'CREATE TEXT SEARCH DICTIONARY': 'text search dictionary',
  'CREATE TEXT SEARCH PARSER': 'text search parser',
  'CREATE TEXT SEARCH TEMPLATE': 'text search template',
  'CREATE FOREIGN DATA WRAPPER': 'foreign data wrapper',
  'CREATE SERVER': 'server',
  'CREATE LANGUAGE': 'language',
  'CREATE ACCESS METHOD': 'access method',
  'CREATE PUBLICATION': 'publication',
  'CREATE SUBSCRIPTION': 'subscription',
  'CREATE AGGREGATE': 'aggregate',
}

/** All other kinds of statements that say something about objects. */
const read = new Set(
  (
    'CREATE TABLE,CREATE FOREIGN TABLE,ALTER TABLE,ALTER FOREIGN TABLE,CREATE FUNCTION,CREATE PROCEDURE,CREATE VIEW,' +
    'CREATE MATERIALIZED VIEW,REFRESH MATERIALIZED VIEW,CREATE INDEX,ALTER INDEX,CREATE TRIGGER,CREATE RULE,CREATE POLICY,' +
    'CREATE STATISTICS,CREATE DOMAIN,ALTER DOMAIN,CREATE TYPE,CREATE SEQUENCE,ALTER SEQUENCE,SELECT setval,SELECT lo_create,' +
    'CREATE OPERATOR,CREATE OPERATOR CLASS,CREATE OPERATOR FAMILY,CREATE CAST,CREATE EVENT TRIGGER,ALTER EVENT TRIGGER,' +
    'ALTER PUBLICATION,GRANT,ALTER DEFAULT PRIVILEGES,COMMENT'
  ).split(','),
)

type Statement = { cursor: Cursor; source: string }

function readObject(kind: string, statement: Statement, expect: Expectations): void {
  const { cursor } = statement
  switch (kind) {
    case 'CREATE TABLE':
      return createTable(statement, expect, 'table')
    case 'CREATE FOREIGN TABLE':
      return createTable(statement, expect, 'foreign table')
    case 'ALTER TABLE':
    case 'ALTER FOREIGN TABLE':
      return alterTable(statement, expect)
    case 'CREATE FUNCTION':
      return createRoutine(statement, expect, 'function')
    case 'CREATE PROCEDURE':
      return createRoutine(statement, expect, 'procedure')
    case 'CREATE VIEW':
      return createView(statement, expect, 'view')
    case 'CREATE MATERIALIZED VIEW':
      return createView(statement, expect, 'materialized view')
    case 'REFRESH MATERIALIZED VIEW':
      return refreshed(cursor, expect)
    case 'CREATE INDEX':
      return createIndex(statement, expect)
    case 'ALTER INDEX':
      return attachIndex(cursor, expect)
    case 'CREATE TRIGGER':
      return createTrigger(statement, expect)
    case 'CREATE RULE':
      return createRule(statement, expect)
    case 'CREATE POLICY':
      return createPolicy(statement, expect)
    case 'CREATE STATISTICS':
      return createStatistics(statement, expect)
    case 'CREATE DOMAIN':
      return createDomain(statement, expect)
    case 'CREATE TYPE':
      return createType(statement, expect)
    case 'CREATE SEQUENCE':
      return createSequence(cursor, expect)
    case 'ALTER SEQUENCE':
      return ownSequence(cursor, expect)
    case 'CREATE EVENT TRIGGER':
      return expect.add('event trigger', cursor.qualified(), { facts: { enabled: text('O') } })
    case 'ALTER EVENT TRIGGER':
      return switchEventTrigger(cursor, expect)
    case 'ALTER PUBLICATION':
      return publish(cursor, expect)
    case 'GRANT':
      return grant(cursor, expect)
    case 'ALTER DEFAULT PRIVILEGES':
      return defaultPrivileges(cursor, expect)
    default:
      return readOperator(kind, cursor, expect)
  }
}

function attachIndex(cursor: Cursor, expect: Expectations): void {
  const parent = cursor.qualified()
  if (cursor.skip('ATTACH', 'PARTITION')) inherit(expect, cursor.qualified(), parent, null)
}

function createSequence(cursor: Cursor, expect: Expectations): void {
  cursor.skip('IF', 'NOT', 'EXISTS')
  const sequence = cursor.qualified()
  expect.add('sequence', sequence, { facts: sequenceFacts(cursor) })
}

function ownSequence(cursor: Cursor, expect: Expectations): void {
  const sequence = cursor.qualified()
  if (!cursor.skip('OWNED', 'BY')) return
  const owner = cursor.path()
  if (owner !== null && owner.length > 1)
    expect.change('sequence', sequence, { 'owned by': text(JSON.stringify(owner)) })
}

/** `SELECT pg_catalog.setval('s.q', 5, true)` and `SELECT pg_catalog.lo_create('16393')`. */
function readCall(kind: string, cursor: Cursor, expect: Expectations): void {
  const call = new Cursor(cursor.toParens().parens() ?? [])
  const first = call.token
  if (first === undefined) return
  call.at++
  if (kind === 'SELECT lo_create') {
    expect.add('large object', { schema: '', name: first.text })
    return
  }
  const sequence = new Cursor(tokenize(first.text)).qualified()
  if (!call.skipPunct(',')) return
  const value = number(call)
  const called = call.skipPunct(',') ? call.is('TRUE') : true
  expect.change('sequence', sequence, { value: text(`${value}, ${called ? 'used' : 'not used'}`) })
}

function switchEventTrigger(cursor: Cursor, expect: Expectations): void {
  const trigger = cursor.qualified()
  const enabled = cursor.is('DISABLE')
    ? 'D'
    : cursor.is('ENABLE', 'ALWAYS')
      ? 'A'
      : cursor.is('ENABLE', 'REPLICA')
        ? 'R'
        : null
  if (enabled !== null) expect.change('event trigger', trigger, { enabled: text(enabled) })
}

/** `ALTER PUBLICATION p ADD TABLE ONLY s.t …` and `ADD TABLES IN SCHEMA s`. */
function publish(cursor: Cursor, expect: Expectations): void {
  const publication = cursor.name()
  if (publication === null) return
  const of: QualifiedName = { schema: '', name: publication }
  if (cursor.skip('ADD', 'TABLES', 'IN', 'SCHEMA')) expect.add('published schema', cursor.qualified(), { of })
  else if (cursor.skip('ADD', 'TABLE')) {
    cursor.skip('ONLY')
    expect.add('published table', cursor.qualified(), { of })
  }
}

function readOperator(kind: string, cursor: Cursor, expect: Expectations): void {
  if (kind === 'CREATE OPERATOR CLASS') expect.add('operator class', cursor.qualified())
  else if (kind === 'CREATE OPERATOR FAMILY') expect.add('operator family', cursor.qualified())
  else if (kind === 'CREATE CAST') {
    const types = new Cursor(cursor.parens() ?? [])
    const from = types.until('AS')
    types.skip('AS')
    expect.add('cast', { schema: '', name: `${plainText(from)} as ${plainText(types.rest())}` })
  } else if (kind === 'CREATE OPERATOR') {
    const schema = cursor.name()
    if (schema === null || !cursor.skipPunct('.')) return
    let name = ''
    while (!cursor.done && !cursor.isPunct('(')) {
      name += cursor.token?.text ?? ''
      cursor.at++
    }
    expect.add('operator', { schema, name })
  }
}

/** `COMMENT ON … IS '…'`: those that say something are counted. */
function readComment(cursor: Cursor, expect: Expectations): void {
  const last = cursor.tokens.at(-1)
  if (last?.kind !== 'string' || last.text === '') return
  cursor.at = 0
  // a comment on the database itself is kept elsewhere
  if (cursor.is('COMMENT', 'ON', 'DATABASE') || cursor.is('COMMENT', 'ON', 'ROLE')) return
  const about = cursor.until('IS')
  const on = new Cursor(about)
  // every new database has one on these: as `commentsQuery` counts
  if (on.skip('COMMENT', 'ON', 'SCHEMA') && on.name() === 'public') return
  if (on.skip('COMMENT', 'ON', 'EXTENSION') && on.name() === 'plpgsql') return
  expect.comments.add(canonical(about))
}
