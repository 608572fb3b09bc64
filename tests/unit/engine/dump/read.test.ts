import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dumpReportSchema } from '#shared/dump-report.ts'
import { readDump } from '#engine/dump/read.ts'
import { copyBlock, dumpOf, footer, header, pieces, splitAt } from '../../../support/dump-text.ts'

const read = async (text: string | Uint8Array, maxRowBytes?: number) => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const options = maxRowBytes === undefined ? {} : { maxRowBytes }
  const report = await readDump(pieces(bytes), options)
  expect(await readDump(pieces(bytes, bytes.length > 50_000 ? 997 : 1), options)).toEqual(report)
  return report
}
const kinds = (report: Awaited<ReturnType<typeof read>>) => report.findings.map(({ kind }) => kind)
const people = copyBlock({
  schema: 'public',
  name: 'people',
  columns: ['id', 'name'],
  rows: [
    ['1', 'Ann'],
    ['2', null],
  ],
})
const created = (name: string) => `CREATE TABLE public.${name} (\n    id integer,\n    name text\n);\n\n`
const announced = (name: string) =>
  `--\n-- Data for Name: ${name}; Type: TABLE DATA; Schema: public; Owner: postgres\n--\n\n`

describe('what a whole dump tells', () => {
  test('versions, encoding, statements, roles, extensions, large objects', async () => {
    const report = await read(
      dumpOf(`
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;
CREATE TABLE public.people (id integer, name text);
ALTER TABLE public.people OWNER TO "Odd Owner";
CREATE UNIQUE INDEX by_id ON public.people USING btree (id);
CREATE OR REPLACE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $_$ SELECT 1; $_$;
CREATE MATERIALIZED VIEW public.m AS SELECT 1;
SELECT pg_catalog.lo_create('16385');
ALTER LARGE OBJECT 16385 OWNER TO keeper;
SELECT pg_catalog.setval('public.s', 42, true);
GRANT SELECT,INSERT(id) ON TABLE public.people TO reader WITH GRANT OPTION;
GRANT ALL ON SCHEMA public TO PUBLIC;
REVOKE ALL ON SCHEMA public FROM old;
ALTER DEFAULT PRIVILEGES FOR ROLE boss IN SCHEMA public GRANT SELECT ON TABLES TO clerk;
CREATE POLICY p ON public.people FOR SELECT TO one, two USING ((name = 'TO three'::text));
${people}`),
    )
    expect(report).toMatchObject({
      outcome: 'proven',
      compression: 'none',
      format: 'plain',
      dumps: 1,
      endMarkers: 1,
      serverVersion: '18.1',
      dumpVersion: '18.1',
      encoding: 'UTF8',
      largeObjects: 1,
      extensions: ['hstore'],
      roles: ['Odd Owner', 'boss', 'clerk', 'keeper', 'old', 'one', 'reader', 'two'],
      findings: [],
    })
    expect(report.statements).toMatchObject({
      'ALTER DEFAULT PRIVILEGES': 1,
      'ALTER LARGE OBJECT': 1,
      'ALTER TABLE': 1,
      COPY: 1,
      'CREATE EXTENSION': 1,
      'CREATE FUNCTION': 1,
      'CREATE INDEX': 1,
      'CREATE MATERIALIZED VIEW': 1,
      'CREATE POLICY': 1,
      'CREATE TABLE': 1,
      GRANT: 2,
      'SELECT setval': 1,
    })
    expect(dumpReportSchema.parse(report)).toEqual(report)
  })

  test('a cluster: roles of its own, and tables by their database', async () => {
    const inner =
      `\\connect one\n\n${dumpOf(people)}\n\\encoding SQL_ASCII\n\\connect -reuse-previous=on "dbname='it''s \\\\'"\n\n`.replace(
        "''s",
        "\\'s",
      )
    const report = await read(
      `--\n-- PostgreSQL database cluster dump\n--\n\nCREATE ROLE mine;\nALTER ROLE mine WITH LOGIN;\n${inner}${dumpOf(`GRANT ALL ON SCHEMA x TO mine;\n${people}`)}--\n-- PostgreSQL database cluster dump complete\n--\n\n`,
    )
    expect(report).toMatchObject({ outcome: 'proven', cluster: true, dumps: 2, endMarkers: 3, roles: [] })
    expect(report.tables.map(({ database }) => database)).toEqual(['one', "it's \\"])
  })

  test('\\restrict and \\unrestrict around it, as the releases since August 2025 write them', async () => {
    const text = `${header.replace('--\n\n--', '--\n\n\\restrict aB3\n\n--')}${people}${footer}\\unrestrict aB3\n\n`
    expect(await read(text)).toMatchObject({ outcome: 'proven', findings: [] })
  })

  test('two whole dumps behind each other, in one gzip member or in two', async () => {
    const one = dumpOf(people)
    for (const bytes of [gzipSync(one + one), Buffer.concat([gzipSync(one), gzipSync(one)])]) {
      const report = await read(bytes)
      expect(report).toMatchObject({ outcome: 'proven', dumps: 2 })
      expect(report.tables).toMatchObject([{ name: 'people', rows: 4 }])
    }
  })

  test('lines that end with CR LF, and a byte order mark', async () => {
    const report = await read(`\uFEFF${dumpOf(people).replaceAll('\n', '\r\n')}`)
    expect(report).toMatchObject({ outcome: 'proven', tables: [{ rows: 2, columns: ['id', 'name'] }] })
    expect(report.tables).toEqual((await read(dumpOf(people))).tables)
  })
})

describe('text that only looks like something', () => {
  test.each([
    [
      'a value',
      "COMMENT ON TABLE t IS '\n-- PostgreSQL database dump complete\n\\! rm -rf /\nCOPY x FROM stdin;\n';\n",
    ],
    ['a value with quotes', "SELECT 'it''s', E'\\'; \\\\', e'\\\\', U&'\\0041', B'1', 'a' 'b';\n"],
    ['an E string that goes on after a newline', "SELECT E'a'\n  'b\\'c;\n\\! ls\n';\n"],
    ['a name', 'CREATE TABLE "a;\n\\! ls\n""--" (x int);\n'],
    [
      'a dollar quote',
      "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $a$ ; $b$ \\! $a $$ COPY x TO PROGRAM 'y'; $a$;\nCREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ $a$ $$;\nSELECT $1, a$b$c;\n",
    ],
    ['a comment', "/* ; /* ' */ \\! ls \n */\n-- it's ; \"\\!\nSELECT 1 -- '\n;\n"],
    ['an operator', 'SELECT 1 - -1, 2/1, 3 * 4, a->>b, c-d;\n'],
    [
      'a body without quotes',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql\nBEGIN ATOMIC\n SELECT 1; SELECT CASE WHEN true THEN 2 END;\nEND;\n',
    ],
    ['parentheses', 'CREATE RULE r AS ON UPDATE TO v DO INSTEAD (INSERT INTO a VALUES (1); DELETE FROM b;);\n'],
    ['a transaction', 'BEGIN;\nSELECT 1;\nCOMMIT;\n'],
    [
      'a procedure',
      'CREATE OR REPLACE PROCEDURE p(x int) LANGUAGE sql\nBEGIN ATOMIC\n DELETE FROM a; DELETE FROM b;\nEND;\n',
    ],
  ])('in %s', async (_, sql) => {
    const report = await read(dumpOf(`${sql}${people}`))
    expect(report.findings).toEqual([])
    expect(report.tables).toMatchObject([{ name: 'people', rows: 2 }])
  })

  test('in the rows of a COPY', async () => {
    const rows = [
      ['\\! ls', '\\connect x'],
      ['--', "'"],
      ['-- PostgreSQL database dump complete', '$$'],
      ['\\.', ';'],
    ]
    const report = await read(dumpOf(copyBlock({ schema: 's', name: 't', columns: ['a', 'b'], rows })))
    expect(report).toMatchObject({ outcome: 'proven', endMarkers: 1, tables: [{ rows: 4 }] })
  })
})

describe('damage', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['a gzip of nothing', gzipSync(''), 'empty'],
    ['text that is no dump', 'Hello.\n', 'not-a-dump'],
    ['an error message', 'pg_dump: error: connection to server failed\n', 'not-a-dump'],
    ['noise', Buffer.from([0, 255, 254, 0, 7, 92, 33]), 'not-a-dump'],
    ['UTF-16', Buffer.from(`\uFEFF${dumpOf('')}`, 'utf16le'), 'not-a-dump'],
    ['no end marker', header + people, 'no-end-marker'],
    ['a cut in a COPY block', header + people.slice(0, -12), 'unclosed-copy'],
    ['a cut in a statement', `${header}CREATE TABLE x (a int`, 'cut'],
    ['a cut in a value', `${header}SELECT 'a`, 'cut'],
    ['a cut in a function', `${header}DO $$ BEGIN`, 'cut'],
    ['a cut between the rows of an INSERT', `${header}INSERT INTO s.t VALUES (1),\n\t`, 'cut'],
    ['a cut first dump before a whole one', header + people + dumpOf(people), 'no-end-marker'],
    ['a statement behind the end', `${dumpOf(people)}SELECT 1;\n`, 'trailing-data'],
    ['words behind the end', `${dumpOf(people)}junk\n`, 'trailing-data'],
    ['rows behind the end', `${dumpOf(people)}3\tBob\n\\.\n`, 'trailing-data'],
    ['rows without their COPY', dumpOf(people.replace('COPY', 'C0PY')), 'bad-copy-row'],
    ['a cut second dump', dumpOf(people) + header, 'no-end-marker'],
    ['a row with too many columns', dumpOf(people.replace('1\tAnn', '1\tAnn\tx')), 'bad-copy-row'],
    ['a row without its end', dumpOf(people.replace('1\tAnn\n', '1\n')), 'bad-copy-row'],
    ['bytes that are no UTF-8', Buffer.from(dumpOf(people.replace('Ann', '\xff\xfe')), 'latin1'), 'bad-encoding'],
    ['a zero byte', `${header}SELECT 'a\0b';\n${footer}`, 'bad-encoding'],
    ['the end of another dump', `${dumpOf(`\\restrict abc\n${people}`)}\\unrestrict abd\n`, 'no-end-marker'],
    ['an end without a beginning', `${dumpOf(people)}\\unrestrict abc\n`, 'no-end-marker'],
    ['a cut before the last line', dumpOf(`\\restrict abc\n${people}`), 'cut'],
    [
      'a cut dump with a key before a whole one',
      `${header}\\restrict abc\n${people}${header}\\restrict abd\n${people}${footer}\\unrestrict abd\n`,
      'no-end-marker',
    ],
    [
      'rows without their COPY, with escapes in them',
      dumpOf(`1\tone\\ntwo\\tthree\\\\four\\t five\\\n\\r\n${people}`),
      'bad-copy-row',
    ],
    [
      'a table whose COPY is gone',
      dumpOf(`${created('gone')}${announced('gone')}${announced('people')}${people}`),
      'missing-rows',
    ],
    [
      'the same rows twice',
      dumpOf(`${created('people')}${announced('people')}${people}${announced('people')}${people}`),
      'doubled',
    ],
    ['a table that is created twice', dumpOf(`${created('people')}${created('people')}${people}`), 'doubled'],
    ['a cluster that is cut', `-- PostgreSQL database cluster dump\n${dumpOf(people)}`, 'no-end-marker'],
  ])('%s', async (_, content, kind) => {
    const report = await read(content)
    expect(report.outcome).toBe('damaged')
    expect(kinds(report)).toContain(kind)
    expect(report.tables.every(({ fingerprint }) => report.outcome !== 'proven' || fingerprint !== null)).toBe(true)
  })

  test('is told with its table, line and byte', async () => {
    const text = dumpOf(`SELECT '\n\n';\n${people.replace('2\t\\N', '2')}`)
    const line = text.slice(0, text.indexOf('\n2\n') + 1).split('\n').length
    expect((await read(text)).findings).toEqual([
      {
        kind: 'bad-copy-row',
        detail: 'the row has 1 columns instead of 2',
        table: 'public.people',
        line,
        byte: text.indexOf('\n2\n') + 1,
      },
    ])
  })

  test('never tells the values of rows, whatever it takes them for', async () => {
    const rows = 'secret-1\\! secret-2\tsecret-3\n\\!secret-4\n\\set secret-5\n\\nsecret-6\n'
    const { findings } = await read(dumpOf(rows))
    expect(findings.length).toBeGreaterThan(2)
    expect(JSON.stringify(findings)).not.toContain('secret')
  })

  test('what follows the end and means nothing is no damage', async () => {
    expect(await read(`${dumpOf(people)}\n\n-- goodbye\n/* ; */\n`)).toMatchObject({ outcome: 'proven' })
  })
})

describe('what pg_dump never writes is refused', () => {
  test.each([
    ['\\! touch /tmp/x\n'],
    ['SELECT 1 \\! ls\n;\n'],
    ['\\i other.sql\n'],
    ['\\connect "host=evil dbname=x"\n'],
    ['\\connect postgresql://evil/x\n'],
    ["\\connect -reuse-previous=on \"dbname='x' host='evil'\"\n"],
    ['\\connect `id`\n'],
    ['\\restrict abc \\! ls\n'],
    ['\\restrict abc\n\\connect x\n'],
    ["\\copy t from program 'ls'\n"],
    ["COPY t FROM '/etc/passwd';\n"],
    ["COPY t TO PROGRAM 'sh';\n"],
    ["COPY t FROM PROGRAM 'sh';\n"],
    ["copy (SELECT 1) to '/tmp/x';\n"],
    ['COPY t TO stdout;\n'],
  ])('%j', async (sql) => {
    for (const text of [dumpOf(sql), sql + dumpOf(people), dumpOf(people) + sql]) {
      const report = await read(text)
      expect(report.outcome).toBe('refused')
      expect(kinds(report)).toContain('forbidden')
    }
  })
})

describe('what can not be proven here is not checked', () => {
  test.each([
    ['a custom archive', Buffer.from('PGDMP\x01\x0e\x00 more'), 'custom', 'custom-format'],
    ['a custom archive in gzip', gzipSync('PGDMP\x01\x0e\x00 more'), 'custom', 'custom-format'],
    ['a tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(300)]), 'tar', 'tar-format'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]), 'unknown', 'unsupported-compression'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'unknown', 'unsupported-compression'],
    ['lz4', Buffer.from([4, 0x22, 0x4d, 0x18, 1, 2, 3]), 'unknown', 'unsupported-compression'],
    ['gzip in gzip', gzipSync(gzipSync('x')), 'unknown', 'unsupported-compression'],
    ['a statement that no pg_dump writes', Buffer.from(dumpOf('CRE1TE TABLE t (a int);\n')), 'plain', 'not-understood'],
    ['words before the header', Buffer.from(`Welcome to Ubuntu (5)\n${dumpOf(people)}`), 'plain', 'not-understood'],
    [
      'two dumps of the same tables',
      Buffer.from(dumpOf(created('people') + people).repeat(2)),
      'plain',
      'not-understood',
    ],
    [
      'a name in an unknown encoding',
      Buffer.from(dumpOf(people.replace('people', '"caf\xe9"')).replace("'UTF8'", "'SQL_ASCII'"), 'latin1'),
      'plain',
      'unsupported-encoding',
    ],
    [
      'INSERTs whose line ends were changed',
      Buffer.from(dumpOf("INSERT INTO s.t VALUES ('a\nb');\n").replaceAll('\n', '\r\n')),
      'plain',
      'not-understood',
    ],
    ['a COPY that says nothing', Buffer.from(dumpOf('COPY public.t (a) FR0M stdin;\n')), 'plain', 'not-understood'],
    ['a statement before the header', Buffer.from(`SELECT 1;\n${dumpOf('')}`), 'plain', 'not-understood'],
    [
      'COPY with options',
      Buffer.from(dumpOf('COPY s.t (a) FROM stdin WITH (FORMAT csv);\n"x\ty",z\n\\.\n')),
      'plain',
      'not-understood',
    ],
  ])('%s', async (_, bytes, format, kind) => {
    const report = await read(bytes)
    expect(report).toMatchObject({ outcome: 'not-checked', format })
    expect(kinds(report)).toEqual([kind])
  })

  test('a name that holds the sign for unknown text, in UTF-8, is a name like others', async () => {
    const odd = copyBlock({ schema: 'public', name: 'caf\uFFFD', columns: ['\uFFFD'], rows: [['1']] })
    expect(await read(dumpOf(odd))).toMatchObject({ outcome: 'proven', tables: [{ name: 'caf\uFFFD' }] })
  })

  test('tables whose names are different bytes are different tables', async () => {
    const bytes = (byte: string) => copyBlock({ schema: 'public', name: `caf${byte}`, columns: ['a'], rows: [['1']] })
    const text = dumpOf(bytes('\xe9') + bytes('\xe8')).replace("'UTF8'", "'SQL_ASCII'")
    const { tables } = await read(Buffer.from(text, 'latin1'))
    expect(tables.map(({ rows, fingerprint }) => [rows, fingerprint])).toEqual([
      [1, null],
      [1, null],
    ])
  })

  test('a row over the limit: it is counted, its table has no fingerprint, the others do', async () => {
    const long = {
      schema: 's',
      name: 'long',
      columns: ['a'],
      rows: [['x'], ['y'.repeat(700_000)], ['\\'.repeat(400_000)], ['z']],
    }
    const report = await read(dumpOf(copyBlock(long) + people), 300_000)
    expect(report.outcome).toBe('not-checked')
    expect(report.tables).toMatchObject([
      { name: 'long', rows: 4, fingerprint: null },
      { name: 'people', rows: 2, fingerprint: (await read(dumpOf(people))).tables[0]?.fingerprint },
    ])
    expect(kinds(report)).toEqual(['too-long-row', 'too-long-row'])
  })
})

test('large rows, of which each comes in many pieces, are hashed as the small ones', async () => {
  const big = 'wide 中文 \\ \n'.repeat(90_000)
  const rows = [
    ['1', big],
    ['2', null],
    ['3', big],
  ]
  const report = await readDump(
    pieces(Buffer.from(dumpOf(copyBlock({ schema: 's', name: 't', columns: ['a', 'b'], rows }) + people))),
  )
  const { slowFingerprint } = await import('../../../support/lookup3.ts')
  expect(report.tables[0]).toMatchObject({
    rows: 3,
    fingerprint: slowFingerprint([`1\t${big}`, '2\t\u0001N', `3\t${big}`]),
  })
  expect(report.tables[1]).toMatchObject({ rows: 2 })
})

test('a character that is not whole is found wherever the bytes are split', async () => {
  const [before = '', after = ''] = dumpOf(people).split('Ann')
  for (const broken of [[0xe4], [0xe4, 0xb8], [0xf0, 0x9f, 0x98], [0xb8], [0xe4, 0xb8, 0x0a], [0xc3, 0x09]]) {
    const all = Buffer.concat([Buffer.from(before), Buffer.from(broken), Buffer.from(after)])
    const report = await readDump(pieces(all))
    expect(kinds(report)).toContain('bad-encoding')
    for (let place = before.length - 1; place <= before.length + 4; place++) {
      expect(await readDump(splitAt(all, [place])), `split at ${place}`).toEqual(report)
    }
  }
})

test('any bytes at all give a report, the same one however they are split', async () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(
        fc.constantFrom(
          ...`\\;'"$-/*(){}eEaA1 \n\t\0.,é:`.split(''),
          'COPY t (a) FROM stdin;\n',
          'INSERT INTO t VALUES (',
          '\\.\n',
          '$a$',
          'BEGIN',
          'CASE',
          'END',
          'CREATE FUNCTION ',
        ),
        { maxLength: 60 },
      )
      .map((parts) => Buffer.from(parts.join(''))),
  )
  await fc.assert(
    fc.asyncProperty(junk, fc.boolean(), fc.array(fc.nat(), { maxLength: 8 }), async (bytes, inside, places) => {
      const all = inside ? Buffer.concat([Buffer.from(header), bytes, Buffer.from(footer)]) : bytes
      const report = await readDump(pieces(all))
      expect(dumpReportSchema.parse(report)).toEqual(report)
      expect(await readDump(splitAt(all, places))).toEqual(report)
    }),
    { numRuns: 1500 },
  )
})

test('an abort rejects with its reason, at any time', async () => {
  const stop = new AbortController()
  async function* endless() {
    yield Buffer.from(header)
    while (true) {
      stop.abort(new Error('enough'))
      yield Buffer.from('SELECT 1;\n')
    }
  }
  await expect(readDump(endless(), { signal: stop.signal })).rejects.toThrow('enough')
})
