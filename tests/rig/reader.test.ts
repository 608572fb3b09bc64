import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createGzip, createZstdCompress } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { DumpReport } from '#shared/dump-report.ts'
import { readDump } from '#engine/dump/read.ts'
import { encodingOf } from '#engine/dump/encodings.ts'
import { dumpOf, pieces } from '../support/dump-text.ts'
import { seededRandom } from '../support/faults.ts'
import { slowFingerprint } from '../support/lookup3.ts'
import { psql } from './machine/psql.ts'
import { rigAvailable, rigDatabase } from './machine/rig.ts'
import { run } from './machine/run.ts'
import { charactersQuery, conversion, multiByte, parseCharacters, singleByte } from './reader/encodings.ts'
import { countQuery, pinned, tablesQuery, textsQuery } from './reader/truth.ts'

interface Server {
  container: string
  user: string
}

/** Not a plain word: with -C pg_dump writes more around such a name. */
const DATABASE = 'reader-hard 中'
const roles = `"reader owner", "odd ""role""; --"`

function serverOf(label: string): Server {
  const { place, user } = rigDatabase(label)
  if (place.kind === 'host') throw new Error('not in a container')
  return { container: place.container, user }
}

const sourceTables = z.array(
  z.object({
    schema: z.string(),
    name: z.string(),
    columns: z.array(z.object({ name: z.string(), nullable: z.boolean() })),
  }),
)

interface Truth {
  schema: string
  name: string
  columns: string[]
  rows: number
  fingerprint: string
}

/** What the database says of its tables. */
async function truthOf(server: Server, dbname: string): Promise<Truth[]> {
  const target = { ...server, dbname }
  const tables = sourceTables.parse(JSON.parse(await psql(target, pinned + tablesQuery)))
  const counts = (await psql(target, `${pinned}${tables.map(countQuery).join(';\n')}`)).split('\n')
  return tables.map(({ schema, name, columns }, i) => {
    const [rows = '', fingerprint = ''] = (counts[i] ?? '').split(':')
    return { schema, name, columns: columns.map((column) => column.name), rows: Number(rows), fingerprint }
  })
}

/** The same from the rows' texts in UTF-8, for a database whose hashes are of other bytes. */
async function truthInUtf8(server: Server, dbname: string): Promise<Truth[]> {
  const target = { ...server, dbname }
  const tables = sourceTables.parse(JSON.parse(await psql(target, pinned + tablesQuery)))
  const truths = []
  for (const table of tables) {
    const texts = z.array(z.string()).parse(JSON.parse(await psql(target, pinned + textsQuery(table))))
    const columns = table.columns.map((column) => column.name)
    truths.push({ ...table, columns, rows: texts.length, fingerprint: slowFingerprint(texts) })
  }
  return truths
}

/** Runs a dump program in the container and reads what it writes. Its exit code must be 0. */
async function readFrom(
  server: Server,
  command: string[],
  packing: 'none' | 'gzip' | 'zstd' = 'none',
): Promise<DumpReport> {
  const env = ['-e', 'PGTZ=UTC', '-e', 'PGOPTIONS=-c bytea_output=hex']
  const [program = '', ...options] = command
  const child = spawn('docker', ['exec', ...env, server.container, program, '-U', server.user, ...options])
  let errors = ''
  child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const packed =
    packing === 'none' ? child.stdout : child.stdout.pipe(packing === 'gzip' ? createGzip() : createZstdCompress())
  const report = await readDump(packed)
  expect(await exit, errors).toBe(0)
  return report
}

const byName = (a: { schema: string; name: string }, b: { schema: string; name: string }) =>
  JSON.stringify([a.schema, a.name]) < JSON.stringify([b.schema, b.name]) ? -1 : 1

/** The tables of a report in the shape of the truth; names of columns are the truth's where the dump has none. */
function seen(report: DumpReport, truth: Truth[], database: string | null = null): Truth[] {
  return report.tables
    .filter((table) => table.database === database)
    .map(({ schema, name, columns, rows, fingerprint }) => {
      const known = truth.find((table) => table.schema === schema && table.name === name)
      return { schema, name, columns: columns ?? known?.columns ?? [], rows, fingerprint: fingerprint ?? 'none' }
    })
    .sort(byName)
}

describe.skipIf(!rigAvailable())('the reader against PostgreSQL', () => {
  describe.each([
    ['15', 'pg15'],
    ['17', 'pg17'],
    ['18', 'gbk'],
  ])('%s', (_, label) => {
    let server: Server
    let truth: Truth[]
    const drop = () =>
      psql({ ...server, dbname: 'postgres' }, `DROP DATABASE IF EXISTS "${DATABASE}";\nDROP ROLE IF EXISTS ${roles};`)
    beforeAll(async () => {
      server = serverOf(label)
      await drop()
      const create = `CREATE ROLE "reader owner"; CREATE ROLE "odd ""role""; --";\nCREATE DATABASE "${DATABASE}" TEMPLATE template0 ENCODING 'UTF8';`
      await psql({ ...server, dbname: 'postgres' }, create)
      const sql = readFileSync(new URL('./reader/hard.sql', import.meta.url), 'utf8')
      await psql({ ...server, dbname: DATABASE }, sql)
      truth = (await truthOf(server, DATABASE)).sort(byName)
    })
    afterAll(drop)

    test.each([
      ['plain', []],
      ['--inserts', ['--inserts']],
      ['--column-inserts', ['--column-inserts']],
      ['--rows-per-insert', ['--rows-per-insert=7']],
      ['--on-conflict-do-nothing', ['--inserts', '--on-conflict-do-nothing']],
      ['-C --clean --if-exists', ['-C', '--clean', '--if-exists']],
      ['--quote-all-identifiers', ['--quote-all-identifiers']],
      ['--disable-dollar-quoting', ['--disable-dollar-quoting']],
      ['--use-set-session-authorization', ['--use-set-session-authorization']],
      ['--disable-triggers -a', ['--disable-triggers', '-a']],
      ['-v', ['-v']],
      ['-Z gzip', ['-Z6']],
    ])('pg_dump %s: every table, its columns, rows and fingerprint', async (form, options) => {
      const report = await readFrom(server, ['pg_dump', ...options, DATABASE])
      expect(report.findings).toEqual([])
      expect(report).toMatchObject({ outcome: 'proven', dumps: 1, largeObjects: 3 })
      const database = form.startsWith('-C') ? DATABASE : null
      expect(seen(report, truth, database)).toEqual(truth)
    })

    test('in gzip and in zstd', async () => {
      for (const packing of ['gzip', 'zstd'] as const) {
        const report = await readFrom(server, ['pg_dump', DATABASE], packing)
        expect(report).toMatchObject({ outcome: 'proven', compression: packing })
        expect(seen(report, truth)).toEqual(truth)
      }
    })

    test('what it needs and has', async () => {
      const report = await readFrom(server, ['pg_dump', DATABASE])
      expect(report.roles).toEqual(expect.arrayContaining(['odd "role"; --', 'reader owner']))
      expect(report.extensions).toEqual(['hstore'])
      expect(report.statements).toMatchObject({
        'CREATE PROCEDURE': 1,
        'CREATE MATERIALIZED VIEW': 1,
        'CREATE RULE': 1,
      })
    })

    test('loaded by the root of its partitions, the root has the rows', async () => {
      const report = await readFrom(server, ['pg_dump', '--load-via-partition-root', DATABASE])
      const partitions = truth.filter(({ name }) => name.startsWith('events_'))
      const rows = partitions.reduce((sum, table) => sum + table.rows, 0)
      const sum = partitions.reduce((total, table) => total + BigInt(table.fingerprint), 0n) % 2n ** 64n
      expect(report.tables.find(({ name }) => name === 'events')).toMatchObject({ rows, fingerprint: sum.toString() })
    })

    test('pg_dumpall: the same tables under the name of their database', async () => {
      const report = await readFrom(server, ['pg_dumpall'])
      expect(report).toMatchObject({ outcome: 'proven', cluster: true })
      expect(seen(report, truth, DATABASE)).toEqual(truth)
    })

    test.each([
      ['-Fc', 'custom', 'custom-format'],
      ['-Ft', 'tar', 'tar-format'],
    ])('pg_dump %s is recognised and not checked', async (option, format, kind) => {
      const report = await readFrom(server, ['pg_dump', option, DATABASE])
      expect(report).toMatchObject({ outcome: 'not-checked', format, findings: [{ kind }] })
    })
  })

  test.each([['latin1'], ['euc_cn'], ['gbk']])(
    'the rig database %s, in its own encoding and in others',
    async (label) => {
      const server = serverOf(label)
      const { dbname, encoding } = rigDatabase(label)
      const truth = (await truthInUtf8(server, dbname)).sort(byName)
      for (const client of new Set([encoding, 'UTF8', ...(label === 'gbk' ? ['GBK'] : [])])) {
        for (const form of [[], ['--inserts']]) {
          const report = await readFrom(server, ['pg_dump', '-E', client, ...form, dbname])
          expect(report.findings, client).toEqual([])
          expect(seen(report, truth), client).toEqual(truth)
        }
      }
    },
  )

  test('every character of every encoding is what PostgreSQL converts it to', async () => {
    const target = { ...serverOf('pg15'), dbname: 'postgres' }
    for (const name of [...singleByte, ...multiByte]) {
      const encoding = encodingOf(name)
      if (encoding.kind !== 'decode') throw new Error(`no table for ${name}`)
      const characters = parseCharacters(await psql(target, `${conversion}\n${charactersQuery(name)}`))
      const wrong = characters.filter(([bytes, codePoint]) => {
        const hex = bytes.toString(16)
        const text = encoding.decoder.decode(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'))
        return text.toString() !== String.fromCodePoint(codePoint)
      })
      expect(wrong, name).toEqual([])
    }
  })

  test('never damaged what psql restores whole: a small dump with bytes changed, restored by psql', async () => {
    const server = serverOf('gbk')
    const admin = { ...server, dbname: 'postgres' }
    const rows = [
      'CREATE TABLE public.t (id integer NOT NULL, a text, b text);',
      'CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $_$ SELECT 1; $_$;',
      "COMMENT ON TABLE public.t IS 'it''s; a -- table';",
      'COPY public.t (id, a, b) FROM stdin;\n1\tx\\ty\t\\N\n2\t中\t\n\\.',
      "INSERT INTO public.t VALUES (3, 'a''b', NULL);",
      'ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);',
    ]
    const dump = Buffer.from(dumpOf(`${rows.join('\n\n')}\n`))
    const from = dump.indexOf('CREATE TABLE')
    const end = dump.lastIndexOf('PRIMARY KEY')
    const random = seededRandom(7)
    const odd = Buffer.from('\'"$\\;\t\n -a1(),')
    let restored = 0
    for (let i = 0; i < 25; i++) {
      const bad = Buffer.from(dump)
      if (i > 0) bad[from + random.below(end - from)] = odd[random.below(odd.length)] ?? 0
      const report = await readDump(pieces(bad))
      await psql(admin, `DROP DATABASE IF EXISTS reader_changed;\nCREATE DATABASE reader_changed TEMPLATE template0;`)
      const command = [
        'exec',
        '-i',
        '-e',
        'PGCLIENTENCODING=UTF8',
        server.container,
        'psql',
        '-X',
        '-q',
        '-v',
        'ON_ERROR_STOP=1',
      ]
      const result = await run('docker', [...command, '-U', server.user, '-d', 'reader_changed'], {
        input: bad.toString(),
        accept: [1, 2, 3],
      })
      if (result.code !== 0 || result.stderr !== '' || !report.endMarkers) continue
      restored++
      const there = await psql(
        { ...server, dbname: 'reader_changed' },
        "SELECT count(*) FROM pg_class WHERE relname = 't_pkey'",
      )
      // psql is content with a dump that was cut inside a COPY; with its key there, it went to the end.
      if (there !== '1') continue
      expect(report.outcome, bad.toString()).not.toBe('damaged')
      if (report.outcome !== 'proven') continue
      const truth = await truthOf(server, 'reader_changed')
      expect(seen(report, truth), bad.toString()).toEqual(truth)
    }
    expect(restored).toBeGreaterThan(0)
    await psql(admin, 'DROP DATABASE IF EXISTS reader_changed;')
  })
})
