import { expect, it } from 'vitest'
import type { CopyTable } from '#shared/copy.ts'
import { createReading } from '#engine/dump/reading.ts'
import { holdsFindings, holdsOf, type Holds } from '#engine/proof/holds.ts'
import { emptied } from '#engine/proof/warnings.ts'
import { rungProofs } from '#engine/verification/outcome.ts'
import { copyBlock, dumpOf } from '../../../support/dump-text.ts'

async function holds(dump: string): Promise<Holds> {
  const reading = createReading(undefined, true)
  await reading.write(Buffer.from(dump))
  const plan = reading.plan(await reading.end())
  reading.destroy()
  if (!plan) throw new Error('no plan')
  return holdsOf(plan)
}

/** How the rungs come out where everything that was loaded is there. */
function rungs(of: Holds): string[] {
  const whole = { errors: [], objects: [], tables: [], findings: [], lost: [], source: null }
  const when = { at: new Date(0), engine: 'docker', seconds: { restored: 1, exact: 1 } }
  return rungProofs({ ...whole, holds: of }, when).map(({ outcome, detail }) => `${outcome}: ${detail}`)
}

const rows = (name: string, schema = 'public') => copyBlock({ schema, name, columns: ['id'], rows: [['1']] })
const create = (...names: string[]) => names.map((name) => `CREATE TABLE public.${name} (id integer);\n`).join('')

it('definitions without a single row of data are restored, and not exact', async () => {
  const found = await holds(dumpOf(create('a', '"B c"')))
  expect(found.withoutData).toEqual(['public.a', 'public.B c'])
  const [restored, exact] = rungs(found)
  expect(restored).toMatch(/^proven/)
  expect(exact).toBe('not-checked: this dump holds definitions only: it creates 2 tables, and carries the rows of none')
  expect(holdsFindings(found).map(({ kind }) => kind)).toEqual(['definitions-only'])
})

it('a file of roles proves nothing of a database', async () => {
  const roles = `--\n-- PostgreSQL database cluster dump\n--\n\nSET client_encoding = 'UTF8';\n\nCREATE ROLE app;\nALTER ROLE app WITH LOGIN;\n\n--\n-- PostgreSQL database cluster dump complete\n--\n\n`
  const found = await holds(roles)
  expect(rungs(found)).toEqual([
    'not-checked: this file holds roles only, and no database',
    'not-checked: this file holds roles only, and no database',
  ])
})

it('a database without tables is whole, and a table without its data is named', async () => {
  const empty = await holds(dumpOf('CREATE SCHEMA app;\n'))
  expect(empty.withoutData).toEqual([])
  expect(rungs(empty)[1]).toMatch(/^proven/)
  const found = await holds(dumpOf(`${create('a', 'logs')}${rows('a')}`))
  expect(found).toMatchObject({ definitionsOnly: false, withoutData: ['public.logs'] })
  expect(rungs(found)[1]).toMatch(/^proven: .*; the dump carries no data of public\.logs$/)
  expect(holdsFindings(found)).toMatchObject([{ kind: 'table-without-data', class: 'warning', table: 'public.logs' }])
})

it('an empty table has its data, and so has a partition whose rows stand at the root', async () => {
  const announced = `-- Name: a; Type: TABLE; Schema: public; Owner: o\n\n${create('a')}-- Data for Name: a; Type: TABLE DATA; Schema: public; Owner: o\n\n`
  expect((await holds(dumpOf(announced))).withoutData).toEqual([])
  const parted = `CREATE TABLE public.p (id integer) PARTITION BY RANGE (id);\n${create('mid', 'leaf')}`
  const attach = `ALTER TABLE ONLY public.p ATTACH PARTITION public.mid DEFAULT;\nALTER TABLE ONLY public.mid ATTACH PARTITION public.leaf DEFAULT;\n`
  expect((await holds(dumpOf(`${parted}${attach}${rows('p')}`))).withoutData).toEqual([])
  expect((await holds(dumpOf(`${parted}${attach}${rows('leaf')}`))).withoutData).toEqual(['public.mid'])
})

it('tables that had rows in the copy before and are gone are told, not those of another kind of dump', () => {
  const before = (name: string, count: number, database: string | null = null): CopyTable => {
    return { database, schema: 'public', name, rows: count, fingerprint: null }
  }
  const now = (name: string, dumpRows: number) => ({ database: null, schema: 'public', name, dumpRows })
  const said = (...of: Parameters<typeof emptied>) => emptied(...of).map(({ kind, table }) => `${kind} ${table}`)
  const earlier = [before('a', 3), before('b', 5), before('none', 0)]
  expect(said([now('a', 3)], earlier)).toEqual(['table-gone public.b'])
  expect(said([now('a', 0), now('b', 1)], earlier)).toEqual(['table-emptied public.a'])
  expect(said([], earlier)).toEqual(['table-gone public.a', 'table-gone public.b'])
  expect(said([now('a', 3)], [before('a', 3, 'shop'), before('b', 5, 'shop')])).toEqual([])
})
