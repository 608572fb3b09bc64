import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import type { PlanStep } from '#engine/dump/plan.ts'
import { classify, type LoadContext } from '#engine/restore/classify.ts'

const engine = { kind: 'docker', version: '18.1', image: 'postgres:18-alpine', settings: {} } as const
const place = { line: 1, byte: 0 }

/** What is made of what PostgreSQL refuses in one restore, one after the other. */
function restoring(): (step: PlanStep, code: string, message: string) => string {
  const context: LoadContext = {
    sandbox: { engine, major: 18, superuser: true },
    dumpMajor: 18,
    missing: [],
    unfilled: new Set(),
    steps: [],
  }
  return (step, code, message) => {
    const error = Object.assign(new DatabaseError(message, 0, 'error'), { code })
    return classify(error, step, context).class
  }
}

const statement = (kind: string, text: string) =>
  ({ step: 'statement', kind, text, raw: false, database: null, place }) as const
const rowsOf = (name: string): PlanStep => ({
  step: 'data',
  table: { schema: 'public', name },
  cuts: [],
  database: null,
  rows: 1,
  from: 0,
  to: 1,
  place,
})
const refresh = (name: string) => statement('REFRESH MATERIALIZED VIEW', `REFRESH MATERIALIZED VIEW public.${name};`)

/** What is made of it that PostgreSQL does not know something which this statement names. */
function meaningOf(kind: string, text: string, code: string, message = 'it does not exist'): string {
  return restoring()(statement(kind, text), code, message)
}

describe('what an empty database does not have', () => {
  test.each([
    ['DROP TABLE', 'DROP TABLE public.t;', '42P01'],
    ['DROP SCHEMA', 'DROP SCHEMA app;', '3F000'],
    ['SELECT lo_unlink', "SELECT pg_catalog.lo_unlink('16393');", '42704'],
    ['ALTER TABLE', 'ALTER TABLE ONLY public.t DROP CONSTRAINT t_pkey;', '42P01'],
    ['ALTER TABLE', 'ALTER TABLE "odd; ""schema".t DROP CONSTRAINT "a; b";', '3F000'],
    ['ALTER TABLE', 'ALTER TABLE public.t ALTER COLUMN "id; x" DROP DEFAULT;', '42P01'],
    ['ALTER DOMAIN', 'ALTER DOMAIN app.code DROP CONSTRAINT short;', '42704'],
  ])('may be dropped by a dump that cleans first: %s', (kind, text, code) => {
    expect(meaningOf(kind, text, code)).toBe('explained')
  })

  test.each([
    [
      'ALTER TABLE',
      "ALTER TABLE ONLY public.t ADD CONSTRAINT c CHECK ((f(a) <> ' DROP CONSTRAINT x'::text));",
      '42883',
    ],
    ['ALTER TABLE', 'ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);', '42P01'],
    ['ALTER TABLE', "ALTER TABLE ONLY public.t ALTER COLUMN a SET DEFAULT g(' DROP DEFAULT');", '42883'],
    ['CREATE VIEW', 'CREATE VIEW public.v AS SELECT 1 FROM public.gone;', '42P01'],
  ])('is damage in any other statement: %s', (kind, text, code) => {
    expect(meaningOf(kind, text, code)).toBe('damage')
  })

  test('a table that is there and may not be dropped is damage', () => {
    expect(meaningOf('DROP TABLE', 'DROP TABLE public.t;', '2BP01')).toBe('damage')
  })
})

describe('a materialized view whose rows lie on another server', () => {
  test.each(['08001', '08003', '08006', 'HV00N'])('can not be checked in a sandbox without a network: %s', (code) => {
    expect(restoring()(refresh('far'), code, 'could not connect')).toBe('unchecked')
    expect(meaningOf('CREATE INDEX', 'CREATE INDEX i ON public.t USING btree (f(a));', code)).toBe('damage')
  })

  test('neither can one that reads it', () => {
    const refused = restoring()
    const unfilled = 'materialized view "far" has not been populated'
    expect(refused(refresh('totals'), '55000', unfilled)).toBe('damage')
    expect(refused(refresh('far'), '08001', 'could not connect to server "s"')).toBe('unchecked')
    expect(refused(refresh('totals'), '55000', unfilled)).toBe('unchecked')
    expect(refused(refresh('third'), '55000', 'materialized view "totals" has not been populated')).toBe('unchecked')
    expect(refused(refresh('fourth'), '55000', 'materialized view "other" has not been populated')).toBe('damage')
  })
})

describe('what its extension would understand', () => {
  test.each([
    ['SECURITY', `SECURITY LABEL FOR pgsodium ON COLUMN vault.secrets.secret IS 'ENCRYPT';`],
    ['SET', 'SET default_table_access_method = columnar;'],
  ])('can not be checked without it: %s', (kind, text) => {
    expect(meaningOf(kind, text, '22023')).toBe('unchecked')
  })

  test('of another setting it is damage', () => {
    expect(meaningOf('SET', `SET default_toast_compression = 'lz9';`, '22023')).toBe('damage')
  })
})

test('a column that would be packed in a way that was not built in holds the same rows', () => {
  const text = 'ALTER TABLE ONLY public.t ALTER COLUMN "a b" SET COMPRESSION lz4;'
  expect(meaningOf('ALTER TABLE', text, '0A000', 'compression method lz4 not supported')).toBe('explained')
  const other = `ALTER TABLE ONLY public.t ALTER COLUMN a SET DEFAULT f(' SET COMPRESSION lz4;');`
  expect(meaningOf('ALTER TABLE', other, '0A000')).toBe('damage')
})

describe('money of another locale', () => {
  const refused = (amount: string) =>
    restoring()(rowsOf('t'), '22P02', `invalid input syntax for type money: "${amount}"`)

  test.each([
    '¥1,234.56',
    '-￥1,234.56',
    '1.234,56 €',
    '-1.234,56 €',
    'kr 1 234,56',
    '1\u202f234,56 zł',
    "CHF 1'234.56",
    'R$ 1.234,56',
    '£5.00',
    '$1.234,56',
    '$ 1.234,56',
    '(£5.00)',
  ])('can not be read here: %s', (amount) => {
    expect(refused(amount)).toBe('unchecked')
  })

  test.each(['$1,2x4.56', '$1,234.5\u0001', '1,23x4.56', '', 'total', '$1.234.56', '$\\'])(
    'is damage where the amount is none: %s',
    (amount) => {
      expect(refused(amount)).toBe('damage')
    },
  )

  test('a key that refers to the table can not be checked either, one that refers to another is damage', () => {
    const refuse = restoring()
    const key = (to: string) =>
      statement(
        'ALTER TABLE',
        `ALTER TABLE ONLY public.b ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES public.${to}(id);`,
      )
    expect(refuse(key('a'), '23503', 'violates foreign key constraint')).toBe('damage')
    expect(refuse(rowsOf('a'), '22P02', 'invalid input syntax for type money: "¥5.00"')).toBe('unchecked')
    expect(refuse(key('a'), '23503', 'violates foreign key constraint')).toBe('unchecked')
    expect(refuse(key('c'), '23503', 'violates foreign key constraint')).toBe('damage')
  })
})
