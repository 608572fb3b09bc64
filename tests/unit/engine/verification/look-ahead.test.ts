import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { lookAhead } from '#engine/verification/look-ahead.ts'
import { copyBlock, dumpOf } from '../../../support/dump-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'lifeboat-ahead-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function ahead(content: Buffer) {
  const file = join(folder, 'dump')
  writeFileSync(file, content)
  return lookAhead(file)
}

const table = (rows: string[][]) => copyBlock({ schema: 'public', name: 't', columns: ['id', 't'], rows })
const sql = Buffer.from(
  dumpOf(
    `CREATE TABLE public.t (id integer, t text);\n\n${table(Array.from({ length: 60_000 }, (_, n) => [`${n}`, randomBytes(20).toString('hex')]))}`,
  ),
)

describe('what a dump will take', () => {
  const forms: [string, (sql: Buffer) => Buffer][] = [
    ['gzip', (plain) => gzipSync(plain)],
    [
      'gzip in two members',
      (plain) => Buffer.concat([gzipSync(plain.subarray(0, 9000)), gzipSync(plain.subarray(9000))]),
    ],
    ['zstd', (plain) => zstdCompressSync(plain)],
  ]
  test.each(forms)('is never guessed too small, nor far too large: %s', async (_, compress) => {
    const { major, sqlBytes } = await ahead(compress(sql))
    expect(major).toBe(18)
    expect(sqlBytes).toBeGreaterThanOrEqual(sql.length)
    expect(sqlBytes).toBeLessThan(3 * sql.length)
  })

  test('is known where nothing is compressed', async () => {
    expect(await ahead(sql)).toEqual({ major: 18, sqlBytes: sql.length })
  })

  test.each([
    ['nothing at all', Buffer.alloc(0)],
    ['noise', randomBytes(5000)],
    ['the magic bytes of gzip alone', Buffer.from([0x1f, 0x8b])],
    ['an archive', Buffer.concat([Buffer.from('PGDMP\x01\x10\x00'), randomBytes(5000)])],
  ])('of %s has no version, and a size that is a number', async (_, content) => {
    const { major, sqlBytes } = await ahead(content)
    expect(major).toBeNull()
    expect(sqlBytes).toBeGreaterThanOrEqual(content.length)
    expect(sqlBytes).toBeLessThanOrEqual(10 * content.length)
  })
})
