import { createHash } from 'node:crypto'
import { mkdtemp, open, rm, truncate, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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

/** A file that is being written, and a reader that is told of each piece. */
async function growing(): Promise<{ file: FileHandle; add: (bytes: Uint8Array) => Promise<number> }> {
  const file = await open(join(dir, `growing-${files++}`), 'wx+')
  let length = 0
  return { file, add: async (bytes) => (length += (await file.write(bytes, 0, bytes.length, length)).bytesWritten) }
}
let files = 0

test('a file is read while it grows, and the thread says what the reader says, with the hash of the bytes', async () => {
  for (const bytes of [dump, gzipSync(dump)]) {
    const { file, add } = await growing()
    const seen = new Set<number>()
    const reader = startReader(file, { report: (progress) => seen.add(progress.bytes) })
    for await (const piece of pieces(bytes, 300_000)) {
      const length = await add(piece)
      reader.grew(length)
      // no more than what was told is read before the end is told, and all of it is
      await vi.waitFor(() => expect(Math.max(...seen)).toBe(length))
    }
    expect(await reader.end()).toEqual({
      ...(await readDump(pieces(bytes))),
      sha256: sha256(bytes),
      bytes: bytes.length,
    })
    await file.close()
  }
})

test('once the file has its end it is read to there, whatever was told before', async () => {
  const { file, add } = await growing()
  const reader = startReader(file)
  reader.grew(await add(dump.subarray(0, 70_000)))
  await add(dump.subarray(70_000))
  expect(await reader.end()).toMatchObject({ outcome: 'proven', tables: [{ rows: rows.length }], bytes: dump.length })
  await file.close()
})

test('a file that is shorter than was told is no whole dump', async () => {
  const { file, add } = await growing()
  const reader = startReader(file)
  reader.grew((await add(dump.subarray(0, 70_000))) + 1)
  expect(await reader.end()).toMatchObject({ outcome: 'damaged', bytes: 70_000 })
  await file.close()
})

test('what the system says of a file that can not be read keeps its code', async () => {
  const folder = await open(dir, 'r')
  await expect(startReader(folder).end()).rejects.toMatchObject({ code: 'EISDIR' })
  await expect(readDumpFile(dir)).rejects.toMatchObject({ code: 'EISDIR' })
  await folder.close()
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
  const path = join(dir, 'archive.dump')
  await writeFile(path, bytes)
  const result = await readDumpFile(path)
  expect(result).toMatchObject({ outcome: 'not-checked', sha256: sha256(bytes), bytes: bytes.length })
})

test('an abort ends it at once, whatever it waits for', async () => {
  const { file, add } = await growing()
  const stop = new AbortController()
  const reader = startReader(file, { signal: stop.signal })
  reader.grew(await add(dump.subarray(0, 1000)))
  stop.abort(new Error('enough'))
  expect(() => reader.grew(2000)).toThrow('enough')
  await expect(reader.end()).rejects.toThrow('enough')
  reader.abort()
  reader.abort()
  await expect(startReader(file, { signal: stop.signal }).end()).rejects.toThrow('enough')
  await file.close()
})

test('an abort in the middle of a file rejects at once', async () => {
  const path = join(dir, 'long.sql')
  await writeFile(path, '')
  // a file of a terabyte without a block on the disk: to its end it would take an hour
  await truncate(path, 2 ** 40)
  const stop = new AbortController()
  const reading = readDumpFile(path, { signal: stop.signal, report: () => stop.abort(new Error('enough')) })
  await expect(reading).rejects.toThrow('enough')
  // the same thread is lent again
  const other = join(dir, 'other.sql')
  await writeFile(other, dump)
  expect(await readDumpFile(other)).toMatchObject({ outcome: 'proven' })
})
