import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Manifest } from '#shared/copy.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { manifestText } from '#engine/copies/manifest.ts'
import { openPart } from '#engine/copies/part.ts'
import { recoverStore } from '#engine/copies/recover.ts'
import { catalogueIn, draftOf, noon, scratch, someJob, storeCopy } from '../../../support/copies.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const
/** No process has this number: it is beyond the largest that Linux gives. */
const deadPid = 4_194_305
const token = '0123456789ab'
let dir: string
let copiesDir: string
let folder: string
let catalogue: Catalogue

beforeEach(async () => {
  dir = scratch()
  copiesDir = join(dir, 'copies')
  folder = join(copiesDir, 'shop', 'prod')
  catalogue = catalogueIn(join(dir, 'data'))
  await storeCopy({ catalogue, copiesDir, stem: 'older', content: Buffer.from('older') })
  catalogue.rebuildDone()
})

const recover = (isAlive = (): boolean => false) =>
  recoverStore({ catalogue, copiesDirs: [copiesDir], isAlive, now: noon })
const hidden = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.'))
const names = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sql.gz'))
    .sort()
const rows = (): string[] =>
  catalogue.copies
    .list(query)
    .copies.map(({ file }) => basename(file))
    .sort()

/** What a process leaves that died in its commit: bytes, and a note with the manifest. */
function leftCommit(jobId = 'job9', written = 'whole dump'): { part: string; note: string; manifest: Manifest } {
  const part = join(folder, `.lifeboat-part-${jobId}-${deadPid}-${token}`)
  const note = join(folder, `.lifeboat-commit-${jobId}-${deadPid}-${token}`)
  const manifest = { ...draftOf(Buffer.from('whole dump')), file: 'new.sql.gz' }
  writeFileSync(part, written)
  writeFileSync(note, manifestText(manifest))
  return { part, note, manifest }
}

function insertJob(id: string): void {
  catalogue.jobs.insert(someJob(id), { pid: deadPid, startToken: '' })
}

test('a job whose process died is interrupted, and its part file goes', async () => {
  insertJob('job9')
  writeFileSync(join(folder, `.lifeboat-part-job9-${process.pid}-${token}`), 'half')
  writeFileSync(join(folder, `.lifeboat-temp-${deadPid}-${token}`), 'half')
  const { interrupted } = await recover()
  expect(interrupted.map(({ id }) => id)).toEqual(['job9'])
  expect(catalogue.jobs.get('job9')).toMatchObject({ state: 'interrupted', endedAt: noon().toISOString() })
  expect(hidden()).toEqual([])
  expect(rows()).toEqual(['older.sql.gz'])
})

test('what a living process is writing is left alone', async () => {
  insertJob('job9')
  const other = join(folder, `.lifeboat-part-job9-${deadPid}-${token}`)
  writeFileSync(other, 'half')
  // of a process that keeps its jobs in another catalogue
  const stranger = join(folder, `.lifeboat-part-strange-${process.ppid}-${token}`)
  writeFileSync(stranger, 'half')
  const own = await openPart({ copiesDir, server: 'shop', label: 'prod', jobId: 'x', now: noon })
  expect((await recover(() => true)).interrupted).toEqual([])
  for (const path of [other, stranger, own.path]) expect(existsSync(path), path).toBe(true)
  await own.discard()
})

describe('a commit whose process died is finished when its bytes are whole', () => {
  const file = (): string => join(folder, 'new.sql.gz')
  const manifest = (): string => join(folder, 'new.manifest.json')
  type Left = ReturnType<typeof leftCommit>
  const moments: [string, (left: Left) => void][] = [
    ['before anything had a name', () => {}],
    ['after the file had its name', ({ part }) => linkSync(part, file())],
    [
      'after the manifest had its name',
      ({ part, note }) => {
        linkSync(part, file())
        linkSync(note, manifest())
      },
    ],
    [
      'after the part file was removed',
      ({ part, note }) => {
        renameSync(part, file())
        linkSync(note, manifest())
      },
    ],
    [
      'after the note was removed',
      ({ part, note }) => {
        renameSync(part, file())
        renameSync(note, manifest())
      },
    ],
    ['without hard links: the file was moved, the manifest was not', ({ part }) => renameSync(part, file())],
    [
      'without hard links: the name of the manifest was reserved',
      ({ part }) => {
        renameSync(part, file())
        writeFileSync(manifest(), '')
      },
    ],
    ['without hard links: only the name was reserved', () => writeFileSync(file(), '')],
  ]
  test.each(moments)('%s', async (_, until) => {
    until(leftCommit())
    await recover()
    expect(hidden()).toEqual([])
    expect(names()).toEqual(['new.sql.gz', 'older.sql.gz'])
    expect(rows()).toEqual(['new.sql.gz', 'older.sql.gz'])
    // the file has the time of this test, not the one of a commit: it was read again and found whole
    expect(catalogue.copies.list(query).copies.map(({ face }) => face)).toEqual(['proven', 'proven'])
    await recover()
    expect(rows()).toEqual(['new.sql.gz', 'older.sql.gz'])
  })
})

describe('a commit whose process died is undone when its bytes are not whole', () => {
  test.each(['half of it', '', 'whole dumb'])('%j', async (written) => {
    const { part } = leftCommit('job9', written)
    linkSync(part, join(folder, 'new.sql.gz'))
    expect((await recover()).finished).toEqual([])
    expect(hidden()).toEqual([])
    expect(names()).toEqual(['older.sql.gz'])
    expect(rows()).toEqual(['older.sql.gz'])
  })
  test('its note was cut', async () => {
    const { note } = leftCommit()
    writeFileSync(note, '{"lifeboat":1,')
    await recover()
    expect(hidden()).toEqual([])
    expect(names()).toEqual(['older.sql.gz'])
  })
  test('its name belongs to another copy by now, which stays', async () => {
    leftCommit('job9', 'half')
    await storeCopy({ catalogue, copiesDir, stem: 'new', content: Buffer.from('another') })
    await recover()
    expect(rows()).toEqual(['new.sql.gz', 'older.sql.gz'])
  })
})

test('a whole one whose name was taken meanwhile gets the next one', async () => {
  leftCommit()
  await storeCopy({ catalogue, copiesDir, stem: 'new', content: Buffer.from('another') })
  await recover()
  expect(rows()).toEqual(['new-2.sql.gz', 'new.sql.gz', 'older.sql.gz'])
})

test('the job of a finished commit names its copy', async () => {
  insertJob('job9')
  const { manifest } = leftCommit('job9')
  await recover()
  expect(catalogue.jobs.get('job9')).toMatchObject({ state: 'interrupted', copyIds: [manifest.id] })
})

test('a dump without a manifest is no copy, and nobody touches it', async () => {
  writeFileSync(join(folder, 'mine.sql.gz'), 'a dump of the operator')
  await recover()
  expect(names()).toContain('mine.sql.gz')
  expect(rows()).toEqual(['older.sql.gz'])
})

test('a new catalogue takes in every copy that the folders hold', async () => {
  const former = join(dir, 'former')
  await storeCopy({ catalogue, copiesDir: former, stem: 'former' })
  const fresh = catalogueIn(join(dir, 'other-data'))
  fresh.settings.set({ formerCopiesDirs: [former] })
  await recoverStore({ catalogue: fresh, copiesDirs: [copiesDir], isAlive: () => false, now: noon })
  expect(fresh.copies.list(query).total).toBe(2)
  expect(fresh.rebuildPending()).toBe(false)
})

test('copies that were moved with their folder are the same copies', async () => {
  const moved = join(dir, 'moved')
  renameSync(copiesDir, moved)
  await recoverStore({ catalogue, copiesDirs: [moved], isAlive: () => false, now: noon })
  const { copies } = catalogue.copies.list(query)
  expect(copies).toHaveLength(1)
  expect(copies[0]).toMatchObject({ face: 'proven', file: join(moved, 'shop', 'prod', 'older.sql.gz') })
})

test('a folder of copies that is missing keeps nothing from starting', async () => {
  rmSync(copiesDir, { recursive: true })
  await recover()
  expect(catalogue.copies.list(query).copies[0]?.face).toBe('not-checked')
  expect(existsSync(copiesDir)).toBe(false)
  mkdirSync(dirname(copiesDir), { recursive: true })
})
