import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import type { PlannedStatement } from '#engine/dump/plan.ts'
import { classify, type LoadContext } from '#engine/restore/classify.ts'

const engine = { kind: 'docker', version: '18.1', image: 'postgres:18-alpine', settings: {} } as const

/** What is made of it that PostgreSQL does not know something which this statement names. */
function meaningOf(kind: string, text: string, code: string): string {
  const context: LoadContext = { sandbox: { engine, major: 18, superuser: true }, dumpMajor: 18, missing: [] }
  const error = Object.assign(new DatabaseError('it does not exist', 0, 'error'), { code })
  const place = { line: 1, byte: 0 }
  const step: PlannedStatement = { step: 'statement', kind, text, raw: false, database: null, place }
  return classify(error, step, context).class
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
