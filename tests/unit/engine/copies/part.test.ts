import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { openPart, openResumable } from '#engine/copies/part.ts'
import { sweepResumes } from '#engine/copies/resume.ts'
import { noon, scratch } from '../../../support/copies.ts'

const origin = { path: '/backups/a.sql.gz', bytes: 3_000_000, modifiedAt: '2025-01-09T03:00:00.000Z' }
const whose = (copiesDir: string) => ({ copiesDir, server: 'shop', label: 'prod', jobId: 'job1', now: noon })
const whole = randomBytes(3_000_000)

test('every byte arrives in order, whatever the size of the chunks, also when their memory is reused', async () => {
  const part = await openPart(whose(scratch()))
  const memory = Buffer.alloc(2_500_000)
  let done = 0
  for (const size of [1, 32_768, 1_048_576, 1_048_575, 7, 2_500_000, 0, 100]) {
    const chunk = memory.subarray(0, Math.min(size, whole.length - done))
    whole.copy(chunk, 0, done, done + chunk.length)
    await part.write(chunk)
    memory.fill(0)
    done += chunk.length
  }
  expect(part.bytes).toBe(done)
  await part.finish(noon())
  expect(readFileSync(part.path).equals(whole.subarray(0, done))).toBe(true)
  await part.discard()
})

test('what it says is written can be read in the file, and after a flush that is everything', async () => {
  const part = await openPart(whose(scratch()))
  const found = Buffer.alloc(whole.length)
  for (let done = 0; done < whole.length; done += 100_000) {
    await part.write(whole.subarray(done, done + 100_000))
    const { written } = part
    expect(readSync(part.fd, found, 0, found.length, 0)).toBeGreaterThanOrEqual(written)
    expect(found.subarray(0, written).equals(whole.subarray(0, written))).toBe(true)
  }
  expect(part.written).toBeGreaterThan(0)
  await part.flush()
  expect(part.written).toBe(whole.length)
  expect(readFileSync(part.path).equals(whole)).toBe(true)
  await part.discard()
})

test('a part file is hidden, private, and tells whose it is', async () => {
  const copiesDir = scratch()
  const part = await openPart(whose(copiesDir))
  expect(basename(part.path)).toMatch(new RegExp(`^\\.lifeboat-part-job1-${process.pid}-`))
  expect(statSync(part.path).mode & 0o777).toBe(0o600)
  await part.discard()
  await part.discard()
  expect(readdirSync(join(copiesDir, 'shop', 'prod'))).toEqual([])
})

test('a pull that was cut off goes on where it ended, and its bytes can be proven first', async () => {
  const copiesDir = scratch()
  const first = await openResumable({ ...whose(copiesDir), origin })
  expect(first.bytes).toBe(0)
  await first.write(whole.subarray(0, 2_000_000))
  await first.keep()
  expect(readdirSync(join(copiesDir, 'shop', 'prod'))).toEqual([])
  const second = await openResumable({ ...whose(copiesDir), origin })
  expect(second.bytes).toBe(2_000_000)
  expect(await second.hash()).toBe(createHash('sha256').update(whole.subarray(0, 2_000_000)).digest('hex'))
  expect(second.written).toBe(2_000_000)
  await second.write(whole.subarray(2_000_000))
  await second.finish(noon())
  expect(readFileSync(second.path).equals(whole)).toBe(true)
  await second.discard()
})

test('a prefix that is not the server’s any more is thrown away', async () => {
  const copiesDir = scratch()
  const first = await openResumable({ ...whose(copiesDir), origin })
  await first.write(whole.subarray(0, 2_000_000))
  await first.keep()
  const second = await openResumable({ ...whose(copiesDir), origin })
  await second.restart()
  expect(second.bytes).toBe(0)
  await second.write(Buffer.from('new'))
  await second.finish(noon())
  expect(readFileSync(second.path, 'utf8')).toBe('new')
  await second.discard()
})

test('only the very same backup is gone on with, and only by one at a time', async () => {
  const copiesDir = scratch()
  const first = await openResumable({ ...whose(copiesDir), origin })
  await first.write(Buffer.from('begin'))
  await first.keep()
  for (const other of [{ path: '/backups/b' }, { bytes: 5_000_000 }, { modifiedAt: '2025-01-10T03:00:00.000Z' }]) {
    const part = await openResumable({ ...whose(copiesDir), origin: { ...origin, ...other } })
    expect(part.bytes).toBe(0)
    await part.discard()
  }
  const [one, two] = await Promise.all([1, 2].map(() => openResumable({ ...whose(copiesDir), origin })))
  expect(new Set([one?.bytes, two?.bytes])).toEqual(new Set([0, 5]))
  await Promise.all([one?.discard(), two?.discard()])
})

test('what nobody goes on with is swept after seven days; a clock that jumps by a day loses nothing', async () => {
  const copiesDir = scratch()
  const first = await openResumable({ ...whose(copiesDir), origin })
  await first.write(Buffer.from('begin'))
  await first.keep()
  const kept = (): number => readdirSync(join(copiesDir, '.resume')).length
  const days = (n: number): Date => new Date(noon().getTime() + n * 86_400_000)
  for (const n of [-1, 0, 1, 6]) await sweepResumes(copiesDir, days(n))
  expect(kept()).toBe(2)
  await sweepResumes(copiesDir, days(8))
  expect(kept()).toBe(0)
})

test('a plain part has nothing to go on with: kept means discarded', async () => {
  const part = await openPart(whose(scratch()))
  await part.write(Buffer.from('x'))
  await part.keep()
  expect(existsSync(part.path)).toBe(false)
})
