import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { dumpReportSchema, type DumpReport } from '#shared/dump-report.ts'
import { readDump } from '#engine/dump/read.ts'
import { copyBlock, dumpOf, header, inserts, pieces, splitAt, type TableData } from '../support/dump-text.ts'
import { campaign } from '../support/faults.ts'

const people: TableData = {
  schema: 'public',
  name: 'people',
  columns: ['id', 'name', 'note'],
  rows: [
    ['1', 'Ann', null],
    ['2', '中文 😀', 'a\tb\nc\\d'],
    ['3', "it's", '\\.'],
    ['4', '', '-- PostgreSQL database dump complete'],
  ],
}
const ddl = `CREATE TABLE public.people (id integer NOT NULL, name text, note text);
COMMENT ON TABLE public.people IS 'it''s; -- a table';
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS $_$ SELECT 1; $_$;
CREATE FUNCTION public.g() RETURNS integer LANGUAGE sql
    BEGIN ATOMIC
 SELECT 1;
END;
`
const after = 'ALTER TABLE ONLY public.people ADD CONSTRAINT people_pkey PRIMARY KEY (id);\n'
const dumps: [string, Buffer][] = [
  ['COPY', Buffer.from(dumpOf(ddl + copyBlock(people) + after))],
  ['INSERT', Buffer.from(dumpOf(ddl + inserts(people, 3, true) + after))],
]

const read = (bytes: Uint8Array): Promise<DumpReport> => readDump(pieces(bytes))
const marker = '-- PostgreSQL database dump complete\n'
/** The length from which on everything that a dump carries is there. */
const wholeFrom = (dump: Buffer) => dump.lastIndexOf(marker) + marker.length - 1

describe.each(dumps)('a dump with %s', (form, dump) => {
  test('cut at any byte before its end marker is damaged', async () => {
    const cuts = campaign(`plain ${form}, cut`, { full: Infinity, sample: 400 })
    for (const end of cuts.places(wholeFrom(dump), 400)) {
      const report = await read(dump.subarray(0, end))
      expect(report.outcome, `cut at ${end}`).toBe('damaged')
      cuts.came('damaged')
    }
    expect((await read(dump)).outcome).toBe('proven')
  })

  test('cut between any two statements is damaged', async () => {
    const cuts = campaign(`plain ${form}, cut between statements`, { full: Infinity, sample: Infinity })
    for (let end = dump.indexOf(';\n'); end >= 0 && end < wholeFrom(dump); end = dump.indexOf(';\n', end + 1)) {
      const report = await read(dump.subarray(0, end + 2))
      expect(report.outcome, `cut behind ${end}`).toBe('damaged')
      cuts.came('damaged')
    }
  })

  test.each([
    ['gzip', gzipSync(dump)],
    ['zstd', zstdCompressSync(dump)],
  ])('in %s, cut at any byte, is damaged', async (packing, packed) => {
    const cuts = campaign(`${packing} ${form}, cut`, { full: Infinity, sample: 150 })
    for (const end of cuts.places(packed.length, 150)) {
      const report = await read(packed.subarray(0, end))
      expect(report.outcome, `cut at ${end}`).toBe('damaged')
      cuts.came('damaged')
    }
    // The nastiest one is always tried: one byte short.
    expect((await read(packed.subarray(0, -1))).outcome).toBe('damaged')
    expect((await read(packed)).outcome).toBe('proven')
  })

  test('in gzip with one bit flipped is damaged, or its content is the same', async () => {
    const flips = campaign(`gzip ${form}, one bit flipped`, { full: 1000, sample: 200 })
    const packed = gzipSync(dump)
    const whole = await read(packed)
    for (let i = 0; i < flips.count; i++) {
      const bit = flips.random.below(packed.length * 8)
      const bad = Buffer.from(packed)
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const report = await read(bad)
      if (report.outcome === 'proven') {
        expect(gunzipSync(bad).equals(dump), `bit ${bit}`).toBe(true)
        expect(report).toEqual(whole)
        flips.came('content equal')
      } else {
        expect(report.outcome, `bit ${bit}`).toBe('damaged')
        flips.came('damaged')
      }
    }
  })

  test('in zstd with one bit flipped never crashes, and never loses rows in silence', async () => {
    const flips = campaign(`zstd ${form}, one bit flipped`, { full: 1000, sample: 200 })
    const packed = zstdCompressSync(dump)
    for (let i = 0; i < flips.count; i++) {
      const bit = flips.random.below(packed.length * 8)
      const bad = Buffer.from(packed)
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const report = await read(bad)
      // Without a checksum a changed value can look right: only the manifest's SHA-256 tells.
      if (report.outcome === 'proven') expect(report.checksummed).toBe(false)
      flips.came(report.outcome)
    }
  })

  test('with zeros or junk behind it is damaged', async () => {
    const tails = campaign(`trailing bytes, ${form}`, { full: 300, sample: 60 })
    for (let i = 0; i < tails.count; i++) {
      const length = 1 + tails.random.below(i % 3 === 0 ? 3 : 3000)
      const tail = i % 2 === 0 ? Buffer.alloc(length) : tails.random.bytes(length)
      for (const packed of [gzipSync(dump), zstdCompressSync(dump)]) {
        expect((await read(Buffer.concat([packed, tail]))).outcome, `${length} bytes`).toBe('damaged')
        tails.came('damaged')
      }
    }
  })
})

test('random bytes are no dump: a report, never a crash, never a green light', async () => {
  const noise = campaign('random bytes', { full: 10_000, sample: 1000 })
  const heads = ['', '\x1f\x8b\x08\0', '\x28\xb5\x2f\xfd', '-- PostgreSQL database dump\n']
  for (let i = 0; i < noise.count; i++) {
    const head = Buffer.from(heads[i % heads.length] ?? '', 'latin1')
    const report = await read(Buffer.concat([head, noise.random.bytes(noise.random.below(600))]))
    expect(report.outcome).not.toBe('proven')
    expect(dumpReportSchema.safeParse(report).success).toBe(true)
    noise.came(report.outcome)
  }
})

test('a dump with a few bytes changed is read without a crash, and the same however it comes in', async () => {
  const changes = campaign('plain, bytes changed', { full: 5000, sample: 500 })
  for (let i = 0; i < changes.count; i++) {
    const bad = Buffer.from(dumps[i % dumps.length]?.[1] ?? [])
    for (let n = 0; n <= changes.random.below(4); n++) bad[changes.random.below(bad.length)] = changes.random.below(256)
    const report = await read(bad)
    expect(dumpReportSchema.safeParse(report).success).toBe(true)
    const places = Array.from({ length: 4 }, () => changes.random.below(bad.length))
    expect(await readDump(splitAt(bad, places)), `split at ${places.join(', ')}`).toEqual(report)
    changes.came(report.outcome)
  }
})

/** 64 KB of one byte, again and again, in gzip: about a thousand to one. */
function bomb(byte: string, megabytes: number, head: string): Buffer {
  return gzipSync(Buffer.concat([Buffer.from(head), Buffer.alloc(megabytes * 1024 * 1024, byte)]))
}

test.each([
  ['zeros', '\0', ''],
  ['zeros behind a header', '\0', header],
  ['spaces behind a header', ' ', header],
  ['one word behind a header', 'x', header],
  ['one value', 'x', `${header}SELECT '`],
  ['one row of a COPY', 'x', `${header}COPY a.b (c) FROM stdin;\n`],
  ['one value of an INSERT', 'x', `${header}INSERT INTO a.b VALUES ('`],
  ['empty rows', '\n', `${header}COPY a.b (c) FROM stdin;\n`],
])('a bomb of %s takes no memory', async (name, byte, head) => {
  const bombs = campaign(`1000:1 bomb of ${name}`, { full: 1, sample: 1 })
  const packed = bomb(byte, 192, head)
  // Rows may be held up to the limit: a small one here, so that what is seen is what is not held.
  const before = process.memoryUsage.rss()
  let highest = before
  const report = await readDump(pieces(packed, 4096), {
    maxRowBytes: 8 * 1024 * 1024,
    report: () => (highest = Math.max(highest, process.memoryUsage.rss())),
  })
  expect(report.outcome).toBe('damaged')
  expect((highest - before) / 1024 / 1024).toBeLessThan(120)
  bombs.came('damaged')
})
