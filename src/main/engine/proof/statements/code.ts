import { quoteName } from '#engine/fingerprint/query.ts'
import { Cursor, splitAtCommas } from './cursor.ts'
import { definition, text, type Expectations, type Fact, type Part } from './expected.ts'
import { clone, sourceOf, sqlName, sqlText, type Statement } from './tables.ts'
import { tokenize, type FullToken } from './tokens.ts'

/** Functions, procedures and aggregates, views, triggers, rules, policies: what holds code. */

/** `CREATE FUNCTION s.f(…)`, behind FUNCTION or PROCEDURE. */
export function createRoutine({ cursor, source }: Statement, expect: Expectations, kind: string): void {
  const routine = cursor.qualified()
  if (routine === null) return
  cursor.parens()
  const head = cursor.until('AS', 'BEGIN ATOMIC', 'RETURN')
  const facts: Record<string, Fact> = { attributes: text(attributesOf(head)) }
  if (cursor.skip('AS')) {
    const strings = cursor.rest().filter((token) => token.kind === 'string')
    // a function in C names its library too, which may lie elsewhere
    const body = strings.length === 1 ? strings[0]?.text : strings[1]?.text
    facts['body'] = text(body ?? '')
  } else {
    const body = cursor.rest()
    const statement = source.replace(/^(\s*CREATE)(?!\s+OR\b)/i, '$1 OR REPLACE')
    const read = `SELECT pg_catalog.pg_get_function_sqlbody(p.oid) FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ${sqlText(routine.schema)} AND p.proname = ${sqlText(routine.name)} AND p.prosqlbody IS NOT NULL`
    facts['sql body'] = definition(body, { setup: [], statement, read })
  }
  expect.add(kind, routine, { facts })
}

const attributes = [
  'IMMUTABLE',
  'STABLE',
  'STRICT',
  'LEAKPROOF',
  'WINDOW',
  'SECURITY DEFINER',
  'PARALLEL SAFE',
  'PARALLEL RESTRICTED',
]

/** What a function promises, as a list of words; whatever it does not say is the default. */
function attributesOf(head: readonly FullToken[]): string {
  const words = head.map((token) => (token.kind === 'word' ? token.text.toUpperCase() : ''))
  const pairs = words.map((word, i) => `${word} ${words[i + 1] ?? ''}`)
  const from = words.lastIndexOf('LANGUAGE')
  const said = new Set([...words.slice(from), ...pairs.slice(from)])
  return attributes.filter((one) => said.has(one)).join(', ')
}

/** `CREATE [OR REPLACE] VIEW s.v [WITH (…)] AS …`, behind the VIEW. */
export function createView(
  { cursor, source }: Statement,
  expect: Expectations,
  kind: 'view' | 'materialized view',
): void {
  const view = cursor.qualified()
  if (view === null || !cursor.seek('AS')) return
  const all = cursor.rest()
  const query = withoutTail(all, kind === 'view' ? ['OPTION', 'CHECK'] : ['DATA', 'NO'])
  const name = `pg_temp.${quoteName(view.name)}`
  const facts: Record<string, Fact> = {
    query: definition(query, {
      setup: [],
      statement: `CREATE VIEW ${name} AS ${sourceOf(source, query)}`,
      read: `SELECT pg_catalog.pg_get_viewdef(${sqlText(name)}::pg_catalog.regclass)`,
    }),
  }
  if (kind === 'materialized view') facts['populated'] = text(query.length < all.length ? 'no' : 'yes')
  expect.replace(kind, view, facts)
}

/** Cuts off `WITH … CHECK OPTION` or `WITH NO DATA`, whose last words these are, from the end. */
function withoutTail(tokens: FullToken[], ends: string[]): FullToken[] {
  const is = (at: number, word: string) => tokens[at]?.kind === 'word' && tokens[at].text.toUpperCase() === word
  const last = tokens.length - 1
  if (!ends.every((word, i) => is(last - i, word))) return tokens
  for (const length of [3, 4]) if (is(tokens.length - length, 'WITH')) return tokens.slice(0, -length)
  return tokens
}

export function refreshed(cursor: Cursor, expect: Expectations): void {
  cursor.skip('CONCURRENTLY')
  const no = cursor.tokens.at(-1)?.text.toUpperCase() === 'DATA' && cursor.tokens.at(-2)?.text.toUpperCase() === 'NO'
  expect.change('materialized view', cursor.qualified(), { populated: text(no ? 'no' : 'yes') })
}

/** `CREATE [UNIQUE] INDEX i ON [ONLY] s.t USING …`, behind the INDEX. */
export function createIndex({ cursor, source }: Statement, expect: Expectations): void {
  const unique = cursor.tokens.slice(0, cursor.at).some((token) => token.text.toUpperCase() === 'UNIQUE')
  const name = cursor.name()
  if (name === null || !cursor.skip('ON')) return
  cursor.skip('ONLY')
  const table = cursor.qualified()
  if (table === null) return
  const rest = cursor.rest()
  const { setup, name: to } = clone(table)
  const replay = {
    setup,
    statement: `CREATE INDEX ${quoteName(name)} ON ${to} ${sourceOf(source, rest)}`,
    read: `SELECT pg_catalog.pg_get_indexdef(indexrelid) FROM pg_catalog.pg_index
      WHERE indrelid = ${sqlText(to)}::pg_catalog.regclass`,
  }
  const facts = {
    table: text(JSON.stringify([table.schema, table.name])),
    unique: text(unique ? 'yes' : 'no'),
    definition: definition(rest, replay, (tokens) => {
      const all = new Cursor(tokens)
      if (!all.seek('ON')) return tokens
      all.skip('ONLY')
      all.path()
      return all.rest()
    }),
  }
  expect.add('index', { schema: table.schema, name }, { facts })
}

/** `CREATE [CONSTRAINT] TRIGGER n … ON s.t …`, behind the TRIGGER. */
export function createTrigger({ cursor, source }: Statement, expect: Expectations): void {
  const name = cursor.name()
  const rest = cursor.rest()
  if (name === null || !cursor.seek('ON')) return
  const table = cursor.qualified()
  if (table === null) return
  const replay = {
    setup: [`DROP TRIGGER ${quoteName(name)} ON ${sqlName(table)}`],
    statement: source,
    read: `SELECT pg_catalog.pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger
      WHERE tgrelid = ${sqlText(sqlName(table))}::pg_catalog.regclass AND tgname = ${sqlText(name)}`,
  }
  const facts = { definition: definition(rest, replay, behindName('TRIGGER')), enabled: text('O') }
  expect.add('trigger', { schema: table.schema, name }, { of: table, facts })
}

/** What stands behind this word and a name. */
function behindName(word: string): Part {
  return (tokens) => {
    const cursor = new Cursor(tokens)
    return cursor.seek(word) && cursor.name() !== null ? cursor.rest() : tokens
  }
}

/** `CREATE RULE n AS ON … TO s.t …`, behind the RULE. */
export function createRule({ cursor, source }: Statement, expect: Expectations): void {
  const name = cursor.name()
  const rest = cursor.rest()
  if (name === null || !cursor.seek('TO')) return
  const table = cursor.qualified()
  if (table === null) return
  const replay = {
    setup: [`DROP RULE ${quoteName(name)} ON ${sqlName(table)}`],
    statement: source,
    read: `SELECT pg_catalog.pg_get_ruledef(oid) FROM pg_catalog.pg_rewrite
      WHERE ev_class = ${sqlText(sqlName(table))}::pg_catalog.regclass AND rulename = ${sqlText(name)}`,
  }
  const facts = { definition: definition(rest, replay, behindName('RULE')), enabled: text('O') }
  expect.add('rule', { schema: table.schema, name }, { of: table, facts })
}

/** `CREATE POLICY n ON s.t [AS …] [FOR …] [TO …] [USING (…)] [WITH CHECK (…)]`, behind the POLICY. */
export function createPolicy({ cursor, source }: Statement, expect: Expectations): void {
  const name = cursor.name()
  const table = name !== null && cursor.skip('ON') ? cursor.qualified() : null
  if (name === null || table === null) return
  const restrictive = cursor.skip('AS') && cursor.name() === 'restrictive'
  const command = cursor.skip('FOR') ? (cursor.name() ?? '') : 'all'
  const roles: string[] = []
  if (cursor.skip('TO')) {
    do roles.push(cursor.name() ?? '')
    while (cursor.skipPunct(','))
  }
  const using = cursor.skip('USING') ? (cursor.parens() ?? []) : []
  const check = cursor.skip('WITH', 'CHECK') ? (cursor.parens() ?? []) : []
  const read = `SELECT ${policyText('p')} FROM pg_catalog.pg_policy p
    WHERE p.polrelid = ${sqlText(sqlName(table))}::pg_catalog.regclass AND p.polname = ${sqlText(name)}`
  const replay = { setup: [`DROP POLICY ${quoteName(name)} ON ${sqlName(table)}`], statement: source, read }
  expect.add(
    'policy',
    { schema: table.schema, name },
    {
      of: table,
      facts: {
        command: text(command),
        restrictive: text(restrictive ? 'yes' : 'no'),
        roles: text(JSON.stringify(roles.length === 0 ? ['public'] : roles.toSorted())),
        conditions: definition([...using, ...tokenize(';'), ...check], replay),
      },
    },
  )
}

/** Both conditions of a policy in one text. */
export function policyText(p: string): string {
  const one = (column: string) => `coalesce(pg_catalog.pg_get_expr(${p}.${column}, ${p}.polrelid), '')`
  return `${one('polqual')} || ' ; ' || ${one('polwithcheck')}`
}

/** `CREATE STATISTICS s.n …`, all of it. */
export function createStatistics({ cursor, source }: Statement, expect: Expectations): void {
  const statistics = cursor.qualified()
  if (statistics === null) return
  const read = `SELECT pg_catalog.pg_get_statisticsobjdef(s.oid) FROM pg_catalog.pg_statistic_ext s
    JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
    WHERE n.nspname = ${sqlText(statistics.schema)} AND s.stxname = ${sqlText(statistics.name)}`
  const replay = { setup: [`DROP STATISTICS ${sqlName(statistics)}`], statement: source, read }
  const facts = { definition: definition(cursor.tokens, replay) }
  expect.add('statistics', statistics, { facts })
}

/** `CREATE DOMAIN s.d AS …`, behind the DOMAIN. */
export function createDomain({ cursor, source }: Statement, expect: Expectations): void {
  const domain = cursor.qualified()
  if (domain === null || !cursor.skip('AS')) return
  const all = cursor.rest()
  const ends = ['COLLATE', 'NOT NULL', 'DEFAULT', 'CONSTRAINT']
  const base = cursor.until(...ends)
  const name = `pg_temp.${quoteName(domain.name)}`
  const setup = { setup: [], statement: `CREATE DOMAIN ${name} AS ${sourceOf(source, all)}` }
  const oid = `${sqlText(name)}::pg_catalog.regtype`
  const facts: Record<string, Fact> = { type: definition(base), default: { ...definition([]), stable: true } }
  const constraints: [name: string, tokens: FullToken[]][] = []
  let required = 'no'
  while (!cursor.done) {
    const named = cursor.skip('CONSTRAINT') ? cursor.name() : null
    if (cursor.skip('NOT', 'NULL')) required = 'yes'
    else if (cursor.skip('DEFAULT')) {
      const read = `SELECT pg_catalog.pg_get_expr(t.typdefaultbin, 0) FROM pg_catalog.pg_type t WHERE t.oid = ${oid}`
      facts['default'] = definition(cursor.until(...ends), { ...setup, read })
    } else if (named !== null) constraints.push([named, cursor.until('CONSTRAINT')])
    else cursor.at++
  }
  expect.add('domain', domain, { facts: { ...facts, required: text(required) } })
  for (const [constraint, tokens] of constraints) {
    const read = `SELECT pg_catalog.pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c
      WHERE c.contypid = ${oid} AND c.conname = ${sqlText(constraint)}`
    const fact = { definition: definition(tokens, { ...setup, read }), validated: text('yes') }
    expect.add('constraint', { schema: domain.schema, name: constraint }, { of: domain, facts: fact })
  }
}

/** `CREATE TYPE s.t …`, behind the TYPE. */
export function createType({ cursor }: Statement, expect: Expectations): void {
  const type = cursor.qualified()
  if (type === null) return
  const facts: Record<string, Fact> = {}
  if (cursor.skip('AS', 'ENUM')) {
    const labels = (cursor.parens() ?? []).filter((token) => token.kind === 'string').map((token) => token.text)
    facts['labels'] = text(JSON.stringify(labels))
  } else if (cursor.is('AS') && !cursor.is('AS', 'RANGE')) {
    cursor.skip('AS')
    const fields = splitAtCommas(cursor.parens() ?? []).map((field) => new Cursor(field).until('COLLATE'))
    facts['fields'] = definition(fields.flatMap((field) => [...field, ...tokenize(',')]))
  }
  expect.replace('type', type, facts)
}
