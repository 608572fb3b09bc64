import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import type { PlanStep } from '#engine/dump/plan.ts'
import { classify, type LoadContext } from '#engine/restore/classify.ts'

const place = { line: 1, byte: 0 }
const statement = (kind: string, text: string) =>
  ({ step: 'statement', kind, text, raw: false, database: null, place }) as const
const rows: PlanStep = {
  step: 'data',
  table: { schema: 'public', name: 't' },
  cuts: [],
  database: null,
  rows: 1,
  from: 0,
  to: 1,
  place,
}
const engine = { kind: 'docker', version: '18.1', image: 'postgres:18-alpine', settings: {} } as const

/** What is made of it that PostgreSQL has refused a step, where the dump holds these statements before it. */
function meaningOf(step: PlanStep, error: Partial<DatabaseError>, ...before: PlanStep[]): string {
  const context: LoadContext = {
    sandbox: { engine, major: 18, superuser: true },
    dumpMajor: 18,
    missing: [],
    unfilled: new Set(),
    steps: before,
  }
  return classify(Object.assign(new DatabaseError('refused', 0, 'error'), error), step, context).class
}

const table = (...lines: string[]) =>
  statement('CREATE TABLE', `CREATE TABLE public.t (\n${lines.map((line) => `    ${line}`).join(',\n')}\n);`)

describe('a row that a CHECK refuses', () => {
  const columns = ['lo text NOT NULL', '"Hi" character varying(9)', 'n integer', 'c text COLLATE pg_catalog."C"']
  test.each([
    ['(lo <= ("Hi")::text)', 'unchecked'],
    ['((n > 0) AND (("Hi")::text < lo))', 'unchecked'],
    [`(lo >= 'a'::text)`, 'unchecked'],
    ['(n > 0)', 'damage'],
    [`((lo <> ''::text) AND (n > 0))`, 'damage'],
    ['((length(lo) > 0) AND (n <= length("Hi")))', 'damage'],
    ['((lo ->> 1) IS NULL)', 'damage'],
    ['(c > (c || c))', 'damage'],
  ])('%s is %s', (check, meaning) => {
    const error = { code: '23514', message: 'new row violates check constraint "k"', constraint: 'k' }
    const other = `CONSTRAINT other CHECK ((lo < 'b'::text))`
    expect(meaningOf(rows, error, table(...columns, `CONSTRAINT k CHECK (${check})`))).toBe(meaning)
    expect(meaningOf(rows, error, table(...columns, other, `CONSTRAINT k CHECK (${check})`, other))).toBe(meaning)
  })
})

describe('a range whose ends stand the wrong way round', () => {
  const error = {
    code: '22000',
    message: 'range lower bound must be less than or equal to range upper bound',
    where: 'COPY t, line 1, column r: "[a,B]"',
  }
  const span = (collation = '') =>
    statement('CREATE TYPE', `CREATE TYPE public.span AS RANGE (\n    subtype = text${collation}\n);`)

  test('may be of texts that are sorted otherwise', () => {
    expect(meaningOf(rows, error, span(), table('r public.span NOT NULL'))).toBe('unchecked')
    expect(meaningOf(rows, { ...error, where: undefined }, span(), table('r public.span'))).toBe('unchecked')
  })

  test('is damage among numbers, and where the texts are sorted by their bytes', () => {
    expect(meaningOf(rows, error, span(), table('r int4range', 's public.span'))).toBe('damage')
    expect(meaningOf(rows, error, span(',\n    collation = pg_catalog."C"'), table('r public.span'))).toBe('damage')
  })
})

test('a doubled row is damage, but where a letter has a small form that not every collation knows', () => {
  const index = (on: string) => statement('CREATE INDEX', `CREATE UNIQUE INDEX i ON public.t USING btree (${on});`)
  const doubled = (value: string) => ({ code: '23505', detail: `Key (…)=(${value}) is duplicated.`.replace('…', 'x') })
  expect(meaningOf(index('lower(email)'), doubled('é@x'))).toBe('unchecked')
  expect(meaningOf(index('lower(email)'), doubled('e@x'))).toBe('damage')
  expect(meaningOf(index('email'), doubled('é@x'))).toBe('damage')
})

describe('a partition that can not be attached', () => {
  const error = { code: '42P17', message: 'empty range bound specified for partition "p"' }
  const attach = statement(
    'ALTER TABLE',
    `ALTER TABLE ONLY public.t ATTACH PARTITION public.p FOR VALUES FROM ('a') TO ('M');`,
  )
  const parted = (key: string, by = 'RANGE') =>
    statement('CREATE TABLE', `CREATE TABLE public.t (\n    k text,\n    at date\n)\nPARTITION BY ${by} (${key});`)

  test('may be one of texts that are sorted otherwise', () => {
    expect(meaningOf(attach, error, parted('at, k'))).toBe('unchecked')
    expect(meaningOf(attach, error, parted('at'))).toBe('damage')
    expect(meaningOf(attach, error, parted('k', 'LIST'))).toBe('damage')
  })

  test('as may a row that belongs to none', () => {
    const lost = { code: '23514', message: 'no partition of relation "t" found for row' }
    expect(meaningOf(rows, lost, parted('k'))).toBe('unchecked')
    expect(meaningOf(rows, lost, parted('at'))).toBe('damage')
  })
})
