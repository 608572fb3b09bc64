import { expect, it } from 'vitest'
import type { DumpPlan } from '#engine/dump/plan.ts'
import { createReading } from '#engine/dump/reading.ts'
import { asPart } from '#engine/proof/part.ts'
import { uncheckedTables } from '#engine/proof/unchecked.ts'
import { copyBlock, dumpOf } from '../../../support/dump-text.ts'

async function planOf(dump: string): Promise<DumpPlan> {
  const reading = createReading(undefined, true)
  await reading.write(Buffer.from(dump))
  const plan = reading.plan(await reading.end())
  reading.destroy()
  if (!plan) throw new Error('no plan')
  return plan
}

type Said = [statement: string, sqlstate: string, message: string]

/** How each of these refusals of the dump's statements is taken, which were damage so far. */
async function taken(body: string, ...refusals: Said[]) {
  const plan = await planOf(dumpOf(body))
  const errors = refusals.map(([statement, sqlstate, message]) => {
    const stepIndex = plan.steps.findIndex((step) => step.step !== 'data' && step.text.startsWith(statement))
    expect(stepIndex, statement).toBeGreaterThan(-1)
    return { class: 'damage' as const, why: null, sqlstate, message, database: null, stepIndex }
  })
  const found = asPart(plan, errors)
  return { classes: found.map((error) => error.class), tables: [...uncheckedTables(plan, found).values()] }
}

const none = (name: string) => `relation "${name}" does not exist`
const rows = (schema: string, name: string) => copyBlock({ schema, name, columns: ['id'], rows: [['1']] })

it('data without definitions can not be checked, and is not damaged', async () => {
  const body = `${rows('public', 'a')}${rows('app', 'b')}SELECT pg_catalog.setval('public.a_id_seq', 1, true);\n`
  const found = await taken(
    body,
    ['COPY public.a', '42P01', none('public.a')],
    ['COPY app.b', '3F000', 'schema "app" does not exist'],
    ['SELECT pg_catalog.setval', '42P01', none('public.a_id_seq')],
  )
  expect(found.classes).toEqual(['unchecked', 'unchecked', 'unchecked'])
  expect(found.tables[0]).toContain('only a part of its database, without public.a')
  expect(found.tables).toHaveLength(2)
})

it('one table of a schema, and all that needs it, can not be checked', async () => {
  const body = `CREATE TABLE app.b (id integer);\nALTER TABLE app.b OWNER TO o;\n${rows('app', 'b')}CREATE INDEX i ON app.b USING btree (id);\n`
  const gone = 'schema "app" does not exist'
  const found = await taken(
    body,
    ['CREATE TABLE app.b', '3F000', gone],
    ['ALTER TABLE app.b OWNER', '3F000', gone],
    ['COPY app.b', '42P01', none('app.b')],
    ['CREATE INDEX i', '42P01', none('app.b')],
  )
  expect(found.classes).toEqual(['unchecked', 'unchecked', 'unchecked', 'unchecked'])
})

const table = 'CREATE SCHEMA app;\nCREATE TABLE app.b (id integer);\n'
const key = 'ALTER TABLE ONLY app.b ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES public.a(id);\n'
const trigger = 'CREATE TRIGGER t BEFORE INSERT ON app.b FOR EACH ROW EXECUTE FUNCTION public.f();\n'
const typed = 'CREATE TABLE app.c (t public.citext);\n'
const attach = 'ALTER TABLE ONLY app.p ATTACH PARTITION app.b DEFAULT;\n'
const view = "CREATE VIEW app.v AS SELECT public.g('x'::text) AS x;\n"

it.each<[string, Said]>([
  [key, ['ALTER TABLE', '42P01', none('public.a')]],
  [trigger, ['CREATE TRIGGER', '42883', 'function public.f() does not exist']],
  [typed, ['CREATE TABLE app.c', '42704', 'type "public.citext" does not exist']],
  [attach, ['ALTER TABLE', '42P01', none('app.p')]],
  [view, ['CREATE VIEW', '42883', 'function public.g(text) does not exist']],
])('what lies outside of the part is named, and not checked: %s', async (statement, said) => {
  expect((await taken(table + statement, said)).classes).toEqual(['unchecked'])
})

it.each<[string, Said]>([
  // a piece of a whole dump is lost: what is left of it is about the very table
  [rows('app', 'gone'), ['COPY', '42P01', none('app.gone')]],
  ['ALTER TABLE app.gone OWNER TO o;\n', ['ALTER TABLE', '42P01', none('app.gone')]],
  ['CREATE INDEX i ON app.gone USING btree (id);\n', ['CREATE INDEX', '42P01', none('app.gone')]],
  ['GRANT SELECT ON TABLE app.gone TO o;\n', ['GRANT', '42P01', none('app.gone')]],
  ["COMMENT ON TABLE app.gone IS 'x';\n", ['COMMENT', '42P01', none('app.gone')]],
  [rows('other', 'gone'), ['COPY', '3F000', 'schema "other" does not exist']],
  // created by the dump, and not there although nothing outside was wanting
  [rows('app', 'b'), ['COPY', '42P01', none('app.b')]],
  // and what is no missing object
  [key, ['ALTER TABLE', '23503', 'insert or update on table "b" violates foreign key constraint "k"']],
  [key, ['ALTER TABLE', '42703', 'column "x" referenced in foreign key constraint does not exist']],
])('a lost piece of a whole dump is damage: %s', async (statement, said) => {
  expect((await taken(table + statement, said)).classes).toEqual(['damage'])
})
