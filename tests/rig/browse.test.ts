import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBrowser, type Browser } from '#engine/verification/browse.ts'
import { quoteName } from '#engine/verification/browse-sql.ts'
import { readerSession } from '#engine/verification/browse-session.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Cell } from '#shared/browse.ts'
import type { Input, Parsed } from '#shared/contract.ts'
import { browseViewSchema } from '#shared/browse.ts'
import { ownSandbox, type OwnSandbox } from './browse/own-sandbox.ts'

let sandbox: OwnSandbox
let browser: Browser
const database = 'shop'
const find = (id: string): OwnSandbox => {
  if (id === sandbox.id) return sandbox
  throw new LifeboatFailure('not-found', 'This sandbox is gone already.')
}
const hostile = 'a"b; drop table x --\n\u202e\u0001"'

beforeAll(async () => {
  sandbox = await ownSandbox()
  browser = createBrowser({ find })
  await sandbox.admin('postgres', `create database ${database}`)
  await sandbox.admin(database, schema)
})
afterAll(async () => {
  await browser.end()
  await sandbox.stop()
})

const wide = Array.from({ length: 1600 }, (_, n) => `c${n} text`).join(', ')
const schema = `set search_path = public;
create table million (id integer primary key, label text, odd integer);
insert into million select n, 'row ' || n, n % 1000 from generate_series(1, 1000000) n;
create index on million (odd);
create type pair as (a integer, b text);
create domain short as text check (length(value) < 10);
create table kinds (id integer primary key, flag boolean, padded char(5), doc json, tree jsonb, list text[], bytes bytea,
  pair pair, point point, amount numeric(10,2), at timestamptz, short short, net inet, empty text);
insert into kinds values
  (1, true, 'ab', '{"a": 1}', '{"b": [1, 2]}', '{x,NULL,"NULL"}', '\\x00ff', row(1, 'x'), '(1,2)', 12.50,
   '2026-11-23T03:00:00Z', 'dom', '10.0.0.1', ''),
  (2, null, null, null, null, null, null, null, null, null, null, null, null, null),
  (3, false, '', 'null', 'null', '{}', '', row(null, null), '(0,0)', 0, '1999-01-01', '', '10.0.0.0/8', 'x');
create table long (id integer primary key, text text, bytes bytea, doc jsonb);
insert into long select n, repeat('é' || n, 3000), decode(repeat('ab', 5000), 'hex'), jsonb_build_object('k', repeat('j', 5000))
  from generate_series(1, 3) n;
insert into long values (4, repeat('界', 600), null, null);
create table huge (id integer primary key, text text);
insert into huge select n, repeat('0123456789', 2000000) from generate_series(1, 4) n;
create table wide (${wide});
insert into wide (c0, c1599) values ('first', 'last');
create table bare ();
insert into bare default values;
insert into bare default values;
create table ${quoteName(hostile)} (${quoteName(hostile)} text);
insert into ${quoteName(hostile)} values ('found');
create schema ${quoteName(hostile)};
create table ${quoteName(hostile)}.${quoteName(hostile)} (${quoteName(hostile)} integer);
create table parted (id integer, part integer, note text) partition by list (part);
create table parted_1 partition of parted for values in (1);
create table parted_2 partition of parted for values in (2);
insert into parted select n, 1 + n % 2, repeat('p' || n, 2000) from generate_series(1, 20) n;
create table ruled (id integer, owner text);
alter table ruled enable row level security;
alter table ruled force row level security;
create policy mine on ruled using (owner = current_user);
insert into ruled values (1, 'postgres'), (2, 'somebody');
create view plain as select id, repeat(label, 500) as label from million where id <= 100;
create function always_other() returns double precision language sql volatile as 'select random()';
create view shuffled as select id, repeat(label, 500) as label from million where id <= 1000 order by always_other();
create function rest() returns integer language plpgsql as $$ begin perform pg_sleep(60); return 1; end $$;
create view sleeping as select rest() as r;
create function steal() returns text language plpgsql as $$
begin
  perform set_config('statement_timeout', '0', false);
  perform set_config('transaction_read_only', 'off', false);
  insert into kinds (id) values (99);
  return 'done';
end $$;
create view stealing as select steal() as s;
create function who() returns text language sql as 'select current_user::text';
create view whose as select who() as name;
create materialized view filled as select 1 as one;
create materialized view unfilled as select 1 as one with no data;
create foreign data wrapper nowhere;
create server elsewhere foreign data wrapper nowhere;
create foreign table far (id integer) server elsewhere;
grant all on all tables in schema public to public;
grant all on schema public to public;
`

function view(name: string, more: Partial<Input<'browse.open'>> = {}): Parsed<'browse.open'> {
  return browseViewSchema.parse({ sandboxId: sandbox.id, database, schema: 'public', name, ...more })
}

/** All rows of a view, page by page. */
async function rowsOf(wanted: Parsed<'browse.open'>, limit = 200): Promise<Cell[][]> {
  const { cursorId } = await browser.open(wanted)
  const rows: Cell[][] = []
  for (;;) {
    const page = await browser.fetch(cursorId, limit)
    rows.push(...page.rows)
    if (page.end) break
  }
  await browser.close(cursorId)
  return rows
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error),
  )
}

describe('tables', () => {
  test('are listed with their kinds, whatever they are called', async () => {
    const tables = await browser.tables(sandbox.id)
    const kindOf = (name: string) => tables.find((table) => table.name === name && table.schema === 'public')?.kind
    expect(['million', hostile, 'parted', 'parted_1', 'plain', 'filled', 'far'].map(kindOf)).toEqual([
      'table',
      'table',
      'partitioned',
      'table',
      'view',
      'matview',
      'foreign',
    ])
    expect(tables.filter(({ schema: each }) => each === hostile)).toHaveLength(1)
    expect(tables.some(({ schema: each }) => each === 'pg_catalog' || each === 'information_schema')).toBe(false)
  })
  test('of a sandbox that is gone are refused', async () => {
    expect(await refusal(browser.tables('gone'))).toBe('not-found')
  })
})

describe('a million rows', () => {
  test('come page by page, each row once', async () => {
    const { cursorId } = await browser.open(view('million'))
    const seen: Cell[] = []
    while (seen.length < 20_000) {
      const page = await browser.fetch(cursorId, 500)
      expect(page.rows.length).toBeLessThanOrEqual(500)
      expect(page.end).toBe(false)
      seen.push(...page.rows.map(([id]) => id ?? null))
    }
    expect(seen).toEqual(seen.map((_id, n) => String(n + 1)))
    await browser.close(cursorId)
  })
  test('are sorted and filtered by the server', async () => {
    const sorted = await browser.open(view('million', { sort: { column: 'id', descending: true } }))
    const { rows } = await browser.fetch(sorted.cursorId, 3)
    expect(rows.map(([id]) => id)).toEqual(['1000000', '999999', '999998'])
    await browser.close(sorted.cursorId)
    const found = await rowsOf(
      view('million', { filters: [{ column: 'label', test: 'contains', value: 'ROW 99999' }] }),
    )
    expect(found.map(([id]) => id)).toEqual(['99999', ...Array.from({ length: 10 }, (_, n) => String(999990 + n))])
    const both = view('million', {
      filters: [
        { column: 'odd', test: 'equals', value: '7' },
        { column: 'label', test: 'contains', value: '77' },
      ],
    })
    expect(await rowsOf(both)).toHaveLength(
      Array.from({ length: 1000 }, (_, n) => n * 1000 + 7).filter((id) => String(id).includes('77')).length,
    )
  })
})

describe('values', () => {
  test('arrive as PostgreSQL prints them; NULL is none of them', async () => {
    const rows = await rowsOf(view('kinds', { sort: { column: 'id', descending: false } }))
    expect(rows).toEqual([
      [
        '1',
        't',
        'ab   ',
        '{"a": 1}',
        '{"b": [1, 2]}',
        '{x,NULL,"NULL"}',
        '\\x00ff',
        '(1,x)',
        '(1,2)',
        '12.50',
        '2026-11-23 03:00:00+00',
        'dom',
        '10.0.0.1',
        '',
      ],
      ['2', ...Array.from({ length: 13 }, () => null)],
      [
        '3',
        'f',
        '     ',
        'null',
        'null',
        '{}',
        '\\x',
        '(,)',
        '(0,0)',
        '0.00',
        '1999-01-01 00:00:00+00',
        '',
        '10.0.0.0/8',
        'x',
      ],
    ])
  })
  test.each(['doc', 'point', 'tree', 'list', 'pair', 'bytes', 'flag'])('can be sorted by %s', async (column) => {
    expect(await rowsOf(view('kinds', { sort: { column, descending: false } }))).toHaveLength(3)
  })
  test.each([
    ['pair', 'null', '', ['2']],
    ['pair', 'not-null', '', ['1', '3']],
    ['pair', 'equals', '(,)', ['3']],
    ['empty', 'equals', '', ['1']],
    ['padded', 'equals', 'ab', ['1']],
    ['flag', 'equals', 't', ['1']],
    ['tree', 'contains', '"B"', ['1']],
    ['list', 'contains', 'null', ['1']],
    ['bytes', 'contains', 'FF', ['1']],
    ['amount', 'equals', '12.5', []],
    ['amount', 'equals', '12.50', ['1']],
    ['id', 'equals', '01', []],
    ['id', 'equals', '99999999999999999999', []],
    ['id', 'equals', '9223372036854775807', []],
    ['empty', 'contains', '', ['1', '3']],
    ['empty', 'equals', 'a\0b', []],
  ] as const)('filtered by %s %s %j', async (column, filter, value, ids) => {
    const wanted = view('kinds', {
      filters: [{ column, test: filter, value }],
      sort: { column: 'id', descending: false },
    })
    expect((await rowsOf(wanted)).map(([id]) => id)).toEqual(ids)
  })
  test('that are long are cut by the server, and whole when they are asked for', async () => {
    const { cursorId } = await browser.open(view('long', { sort: { column: 'id', descending: false } }))
    const { rows } = await browser.fetch(cursorId, 200)
    expect(rows[0]).toEqual([
      '1',
      { text: 'é1'.repeat(1024), bytes: 9000 },
      { text: `\\x${'ab'.repeat(1024)}`, bytes: 5000 },
      { text: expect.stringMatching(/^\{"k": "j{2041}$/), bytes: 5009 },
    ])
    // more bytes than characters: not cut
    expect(rows[3]).toEqual(['4', '界'.repeat(600), null, null])
    expect(await browser.value(cursorId, 1, 1)).toEqual({ text: 'é2'.repeat(3000), cut: false })
    expect(await browser.value(cursorId, 2, 2)).toEqual({ text: `\\x${'ab'.repeat(5000)}`, cut: false })
    expect((await browser.value(cursorId, 0, 3)).text).toHaveLength(5009)
    expect(await refusal(browser.value(cursorId, 3, 1))).toBe('invalid-input')
    expect(await refusal(browser.value(cursorId, 0, 9))).toBe('invalid-input')
    await browser.close(cursorId)
  })
  test('of twenty megabytes come as their beginning, and cut at four million characters', async () => {
    const { cursorId } = await browser.open(view('huge'))
    const { rows } = await browser.fetch(cursorId, 200)
    expect(rows.map(([, cell]) => cell)).toEqual(
      Array.from({ length: 4 }, () => ({ text: expect.stringMatching(/^[0-9]{2048}$/), bytes: 20_000_000 })),
    )
    const { text, cut } = await browser.value(cursorId, 3, 1)
    expect([text?.length, cut]).toEqual([4_000_000, true])
    await browser.close(cursorId)
  })
})

describe('tables of every kind', () => {
  test('one with 1600 columns, one with none, one with a hostile name', async () => {
    expect((await rowsOf(view('wide')))[0]?.slice(1598)).toEqual([null, 'last'])
    expect(await rowsOf(view('bare'))).toEqual([[], []])
    expect(await rowsOf(view(hostile, { sort: { column: hostile, descending: true } }))).toEqual([['found']])
    expect(await rowsOf(view(hostile, { schema: hostile }))).toEqual([])
  })
  test('a partitioned one, with whole values from its partitions', async () => {
    const { cursorId } = await browser.open(view('parted', { sort: { column: 'id', descending: false } }))
    const { rows } = await browser.fetch(cursorId, 200)
    expect(rows).toHaveLength(20)
    for (const row of [0, 1, 18, 19]) {
      expect((await browser.value(cursorId, row, 2)).text).toBe(`p${row + 1}`.repeat(2000))
    }
    await browser.close(cursorId)
  })
  test('views, with whole values of the row that was shown', async () => {
    const { cursorId } = await browser.open(view('plain', { sort: { column: 'id', descending: true } }))
    const { rows } = await browser.fetch(cursorId, 200)
    expect(rows[10]?.[0]).toBe('90')
    expect((await browser.value(cursorId, 10, 1)).text).toBe('row 90'.repeat(500))
    await browser.close(cursorId)
  })
  test('a view that shuffles its rows gives no value of another row', async () => {
    const { cursorId } = await browser.open(view('shuffled'))
    await browser.fetch(cursorId, 200)
    expect(await refusal(browser.value(cursorId, 3, 1))).toBe('query-refused')
    // and the reading goes on
    expect((await browser.fetch(cursorId, 10)).rows).toHaveLength(10)
    await browser.close(cursorId)
  })
  test('a materialized view, filled and not, a foreign table, one that is not there', async () => {
    expect(await rowsOf(view('filled'))).toEqual([['1']])
    expect(await refusal(browser.open(view('unfilled')))).toBe('query-refused')
    expect(await refusal(browser.open(view('far')))).toBe('query-refused')
    expect(await refusal(browser.open(view('nowhere')))).toBe('not-found')
    expect(await refusal(browser.open(view('kinds', { sort: { column: 'no', descending: true } })))).toBe(
      'invalid-input',
    )
  })
  test('rows behind a policy are all shown', async () => {
    expect(await rowsOf(view('ruled'))).toHaveLength(2)
  })
})

describe('a hostile view', () => {
  test('that sleeps is stopped, and the browser goes on', async () => {
    const strict = createBrowser({ find, statementMs: 5000 })
    const { cursorId } = await strict.open(view('sleeping'))
    expect(await refusal(strict.fetch(cursorId, 200))).toBe('query-slow')
    expect(await refusal(strict.fetch(cursorId, 200))).toBe('reading-closed')
    expect(await rowsOf(view('filled'))).toEqual([['1']])
  })
  test('that writes is refused, and nothing is written', async () => {
    const { cursorId } = await browser.open(view('stealing'))
    expect(await refusal(browser.fetch(cursorId, 200))).toBe('query-refused')
    expect(await rowsOf(view('kinds'))).toHaveLength(3)
  })
  test('runs as the reader', async () => {
    expect(await rowsOf(view('whose'))).toEqual([['reader']])
  })
})

describe('the session', () => {
  test.each([
    'insert into kinds (id) values (7)',
    'update kinds set empty = 1::text',
    'create temp table t (a integer)',
    'create table t (a integer)',
    'select lo_create(0)',
    `copy kinds to '/tmp/kinds'`,
    `copy kinds to program 'cat'`,
    `copy kinds from '/etc/passwd'`,
    'set role postgres',
    'set session authorization postgres',
    `set transaction read write`,
    `set local transaction_read_only = off`,
    `select pg_read_file('/etc/passwd')`,
    `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'`,
    `alter system set fsync = on`,
    `do $$ begin insert into kinds (id) values (8); end $$`,
  ])('can not do: %s', async (statement) => {
    const session = await readerSession(sandbox, database, { statementMs: 2000, idleMs: 60_000 })
    try {
      expect(await refusal(session.query(statement))).toBe('query-refused')
    } finally {
      await session.end()
    }
    expect(await rowsOf(view('kinds'))).toHaveLength(3)
  })
})

describe('cursors', () => {
  test('that nobody uses are closed, and say so', async () => {
    const impatient = createBrowser({ find, idleMs: 50 })
    const { cursorId } = await impatient.open(view('million'))
    await expect.poll(async () => readers(), { timeout: 10_000 }).toBe(0)
    expect(await refusal(impatient.fetch(cursorId, 1))).toBe('reading-closed')
  })
  test('are bounded in number: the one used last longest ago makes room', async () => {
    const small = createBrowser({ find, most: 2 })
    const first = await small.open(view('million'))
    const second = await small.open(view('million'))
    await small.fetch(first.cursorId, 1)
    const third = await small.open(view('million'))
    expect(await refusal(small.fetch(second.cursorId, 1))).toBe('reading-closed')
    expect((await small.fetch(first.cursorId, 1)).rows).toEqual([['2', 'row 2', '2']])
    expect((await small.fetch(third.cursorId, 1)).rows).toHaveLength(1)
    await small.end()
    await expect.poll(async () => readers(), { timeout: 10_000 }).toBe(0)
  })
  test('whose session was ended from outside fail clearly', async () => {
    const { cursorId } = await browser.open(view('million'))
    await sandbox.admin('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'`)
    expect(['sandbox-lost', 'reading-closed']).toContain(await refusal(browser.fetch(cursorId, 1)))
  })
})

async function readers(): Promise<number> {
  const client = await sandbox.connect('admin', 'postgres')
  try {
    const { rows } = await client.query<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity where usename = 'reader'`,
    )
    return rows[0]?.n ?? -1
  } finally {
    await client.end()
  }
}

test('a CSV holds the rows and columns of the view, exactly', async () => {
  const { csv, rows, end } = await browser.csv(
    view('kinds', { filters: [{ column: 'id', test: 'equals', value: '1' }] }),
    10,
  )
  expect(csv).toBe(
    'id,flag,padded,doc,tree,list,bytes,pair,point,amount,at,short,net,empty\r\n' +
      '1,t,ab   ,"{""a"": 1}","{""b"": [1, 2]}","{x,NULL,""NULL""}",\\x00ff,"(1,x)","(1,2)",12.50,2026-11-23 03:00:00+00,dom,10.0.0.1,""\r\n',
  )
  expect([rows, end]).toEqual([1, true])
  const nulls = await browser.csv(view('kinds', { filters: [{ column: 'id', test: 'equals', value: '2' }] }), 10)
  expect(nulls.csv.split('\r\n')[1]).toBe('2,,,,,,,,,,,,,')
  const long = await browser.csv(view('long', { filters: [{ column: 'id', test: 'equals', value: '3' }] }), 10)
  expect(long.csv.startsWith('\ufeffid,text')).toBe(true)
  expect(long.csv).toContain('é3'.repeat(3000))
  const some = await browser.csv(view('million', { sort: { column: 'id', descending: false } }), 450)
  expect([some.rows, some.end, some.csv.split('\r\n').at(-2)]).toEqual([450, false, '450,row 450,450'])
  expect(await refusal(browser.csv(view('huge'), 10))).toBe('query-refused')
})

test('any names and any filter find exactly their rows', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 }).map((each) => each.replaceAll('\0', '0'))
  const near = fc.constantFrom('a', 'A', '%', '_', '\\', "'", '"', '$1', '', ' ', 'ß', 'İ', 'ΑΣ', 'Ä', '\n', '\u202e')
  const part = fc.array(fc.oneof(near, text), { maxLength: 3 }).map((parts) => parts.join(''))
  const name = fc.oneof(part, text).filter((each) => each !== '' && Buffer.byteLength(each) <= 63)
  const values = fc.array(fc.option(part), { maxLength: 8 })
  const client = await sandbox.connect('admin', database)
  await client.query('create schema names')
  const found = async (table: string, column: string, filter: 'contains' | 'equals' | 'null', value: string) => {
    const rows = await rowsOf(view(table, { schema: 'names', filters: [{ column, test: filter, value }] }))
    return rows.map(([n]) => Number(n)).toSorted((a, b) => a - b)
  }
  const property = fc.asyncProperty(name, name, values, part, async (table, column, kept, wanted) => {
    const other = column === 'n' ? 'm' : 'n'
    const quoted = `names.${quoteName(table)}`
    await client.query(`create table ${quoted} (${other} integer, ${quoteName(column)} text)`)
    try {
      await client.query(`insert into ${quoted} select * from unnest($1::integer[], $2::text[])`, [
        kept.map((_value, n) => n),
        kept,
      ])
      const those = (test: (value: string | null) => boolean) => kept.flatMap((value, n) => (test(value) ? [n] : []))
      expect(await found(table, column, 'equals', wanted)).toEqual(those((value) => value === wanted))
      expect(await found(table, column, 'null', wanted)).toEqual(those((value) => value === null))
      const contained = await found(table, column, 'contains', wanted)
      // whatever holds it as it stands is found; in what else, the small letters of all alphabets decide
      expect(contained).toEqual(expect.arrayContaining(those((value) => value?.includes(wanted) ?? false)))
      const ascii = (value: string | null): boolean => value === null || Buffer.byteLength(value) === value.length
      if ([wanted, ...kept].every(ascii)) {
        const small = wanted.toLowerCase()
        expect(contained).toEqual(those((value) => value?.toLowerCase().includes(small) ?? false))
      }
    } finally {
      await client.query(`drop table ${quoted}`)
    }
  })
  try {
    await fc.assert(property, { numRuns: 25 })
  } finally {
    await client.end()
  }
})
