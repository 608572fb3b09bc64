import { createHash } from 'node:crypto'
import { truncateSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { receive } from '#engine/backup/receive.ts'
import { openPart, openResumable } from '#engine/copies/part.ts'
import { noon, scratch } from '../../../support/copies.ts'
import { copyBlock, dumpOf, pieces } from '../../../support/dump-text.ts'

const rows = Array.from({ length: 30_000 }, (_, i) => [`${i}`, `a row with the number ${i}`])
const dump = gzipSync(dumpOf(copyBlock({ schema: 'public', name: 't', columns: ['a', 'b'], rows })))
const sha256 = createHash('sha256').update(dump).digest('hex')
const whole = { outcome: 'proven', sha256, bytes: dump.length, tables: [{ rows: rows.length }] }
const whose = (copiesDir: string) => ({ copiesDir, server: 'shop', label: 'prod', jobId: 'job1', now: noon })

function watched() {
  const seen: string[] = []
  const report = {
    step: (step: string) => void seen.push(step),
    bytes: (done: number, total: number | null) => void seen.push(`${done} of ${total}`),
    rows: (count: number) => void seen.push(`${count} rows`),
    copy: () => {},
    log: () => {},
  }
  return { seen, report, signal: new AbortController().signal }
}

test('what was written is what was read, and when everything has come it is said before the last row is read', async () => {
  const part = await openPart(whose(scratch()))
  const { seen, report, signal } = watched()
  const come = () => void seen.push('come')
  expect(await receive({ source: pieces(dump, 30_000), part, signal, report, total: dump.length, come })).toMatchObject(
    whole,
  )
  expect(seen.indexOf('come')).toBeGreaterThan(seen.indexOf(`${dump.length} of ${dump.length}`))
  expect(seen.indexOf('come')).toBeLessThan(seen.indexOf(`${rows.length} rows`))
  await part.discard()
})

test('what an earlier try has brought is read from its first byte', async () => {
  const copiesDir = scratch()
  const origin = { path: '/backups/a.sql.gz', bytes: dump.length, modifiedAt: '2025-01-09T03:00:00.000Z' }
  const first = await openResumable({ ...whose(copiesDir), origin })
  await first.write(dump.subarray(0, 50_000))
  await first.keep()
  const part = await openResumable({ ...whose(copiesDir), origin })
  expect(part.bytes).toBe(50_000)
  const { report, signal } = watched()
  const source = pieces(dump.subarray(50_000), 7_000)
  expect(await receive({ source, part, signal, report, total: dump.length })).toMatchObject(whole)
  await part.discard()
})

test('a file that lost bytes behind our back is no copy, and no damaged backup either', async () => {
  const part = await openPart(whose(scratch()))
  const { report, signal } = watched()
  const come = () => truncateSync(part.path, dump.length - 1000)
  const receiving = receive({ source: pieces(dump, 30_000), part, signal, report, total: dump.length, come })
  await expect(receiving).rejects.toMatchObject({ kind: 'disk-failed' })
  await part.discard()
})

test('an error of the source is told as it is', async () => {
  const part = await openPart(whose(scratch()))
  const { report, signal } = watched()
  const broken = async function* () {
    yield dump.subarray(0, 1000)
    throw new Error('the line broke')
  }
  const bytes = vi.fn()
  const receiving = receive({ source: broken(), part, signal, report: { ...report, bytes }, total: null })
  await expect(receiving).rejects.toThrow('the line broke')
  expect(bytes).toHaveBeenCalledWith(1000, null)
  await part.discard()
})
