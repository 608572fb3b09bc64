import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readDump } from '#engine/dump/read.ts'
import { requireWhole } from '#engine/backup/whole.ts'

const head = `--
-- PostgreSQL database dump
--

-- Dumped from database version 18.1
-- Dumped by pg_dump version 18.1

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

CREATE TABLE public.t (
    a text
);


COPY public.t (a) FROM stdin;
`
const tail = `\\.


--
-- PostgreSQL database dump complete
--

`

async function read(text: string) {
  // in small pieces: only a row that has to be held over several can be too long
  const pieces = Array.from({ length: Math.ceil(text.length / 300) }, (_, n) => text.slice(n * 300, n * 300 + 300))
  const report = await readDump(Readable.from(pieces.map((piece) => Buffer.from(piece))), { maxRowBytes: 1000 })
  return { ...report, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') }
}

describe('a dump that was taken', () => {
  it('is kept when it is whole', async () => {
    const report = await read(`${head}row\n${tail}`)
    expect(report.outcome).toBe('proven')
    requireWhole(report)
  })

  it('is kept when a row was too long for a fingerprint: it is all there', async () => {
    const report = await read(`${head}${'x'.repeat(5000)}\n${tail}`)
    expect(report).toMatchObject({ outcome: 'not-checked', tables: [{ rows: 1, fingerprint: null }] })
    requireWhole(report)
  })

  it.each([
    ['cut within a row', `${head}ro`, 'dump-cut'],
    ['cut before its end marker', `${head}row\n\\.\n`, 'dump-cut'],
    ['cut, with a row that was too long', `${head}${'x'.repeat(5000)}\n`, 'dump-cut'],
    ['empty', '', 'dump-cut'],
    ['an archive', 'PGDMP\u0001\u0010\u0000', 'dump-damaged'],
    ['hostile', `${head}row\n\\.\n\\! id\n${tail}`, 'dump-refused'],
  ])('is not kept when it is %s', async (_what, text, kind) => {
    const report = await read(text)
    expect(() => requireWhole(report)).toThrow(expect.objectContaining({ kind }))
  })
})
