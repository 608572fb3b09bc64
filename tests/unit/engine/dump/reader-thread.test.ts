import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDump } from '#engine/dump/read.ts'
import { planDumpFile, readDumpFile, startReader } from '#engine/dump/reader-thread.ts'
import { copyBlock, dumpOf, pieces } from '../../../support/dump-text.ts'

const rows = Array.from({ length: 60_000 }, (_, i) => [`${i}`, `some text of a row with the number ${i}`, null])
const dump = Buffer.from(dumpOf(copyBlock({ schema: 'public', name: 't', columns: ['a', 'b', 'c'], rows })))
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reader-'))
})
afterAll(() => rm(dir, { recursive: true }))

test('the thread says what the reader says, with the hash of the bytes', async () => {
  for (const bytes of [dump, gzipSync(dump)]) {
    const reader = startReader()
    for await (const piece of pieces(bytes, 10_000)) await reader.write(piece)
    expect(await reader.end()).toEqual({
      ...(await readDump(pieces(bytes))),
      sha256: sha256(bytes),
      bytes: bytes.length,
    })
  }
})

test('the bytes of a chunk may be used again as soon as it was taken', async () => {
  const reader = startReader()
  const buffer = Buffer.alloc(30_000)
  for (let from = 0; from < dump.length; from += buffer.length) {
    const length = dump.copy(buffer, 0, from, from + buffer.length)
    await reader.write(buffer.subarray(0, length))
    buffer.fill(0)
  }
  expect(await reader.end()).toMatchObject({ outcome: 'proven', tables: [{ rows: rows.length }] })
})

test('a file is read with its progress', async () => {
  const path = join(dir, 'dump.sql.gz')
  const bytes = gzipSync(dump)
  await writeFile(path, bytes)
  const seen: { bytes: number; rows: number; total: number }[] = []
  const result = await readDumpFile(path, { report: (progress) => seen.push(progress) })
  expect(result).toMatchObject({ outcome: 'proven', sha256: sha256(bytes), bytes: bytes.length })
  expect(seen.at(-1)).toMatchObject({ bytes: bytes.length, total: bytes.length })
})

test('a file gives the plan of how to load it beside the same report', async () => {
  const path = join(dir, 'planned.sql.gz')
  await writeFile(path, gzipSync(dump))
  const { plan, result } = await planDumpFile(path)
  const read = await readDumpFile(path)
  expect(result).toEqual(read)
  expect(plan.report).toEqual(await readDump(pieces(gzipSync(dump))))
  expect(plan.steps).toContainEqual(expect.objectContaining({ step: 'copy', name: 't', rows: rows.length }))
})

test('an empty file is damaged, and one that is not there is an error', async () => {
  const path = join(dir, 'empty.sql.gz')
  await writeFile(path, '')
  expect(await readDumpFile(path)).toMatchObject({ outcome: 'damaged', bytes: 0, findings: [{ kind: 'empty' }] })
  await expect(readDumpFile(join(dir, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('what can not be read is hashed all the same', async () => {
  const bytes = Buffer.concat([Buffer.from('PGDMP'), Buffer.alloc(5_000_000, 7)])
  const reader = startReader()
  for await (const piece of pieces(bytes)) await reader.write(piece)
  expect(await reader.end()).toMatchObject({ outcome: 'not-checked', sha256: sha256(bytes), bytes: bytes.length })
})

test('an abort ends it at once, whatever it waits for', async () => {
  const stop = new AbortController()
  const reader = startReader({ signal: stop.signal })
  await reader.write(dump.subarray(0, 1000))
  stop.abort(new Error('enough'))
  await expect(reader.write(dump)).rejects.toThrow('enough')
  await expect(reader.end()).rejects.toThrow('enough')
  reader.abort()
  reader.abort()
  await expect(startReader({ signal: stop.signal }).write(dump)).rejects.toThrow('enough')
})

test('an abort while the report is awaited rejects', async () => {
  const stop = new AbortController()
  const reader = startReader({ signal: stop.signal })
  await reader.write(dump)
  const ended = reader.end()
  stop.abort(new Error('enough'))
  await expect(ended).rejects.toThrow('enough')
})
