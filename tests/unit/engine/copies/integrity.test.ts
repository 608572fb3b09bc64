import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { lookAtCopies } from '#engine/copies/integrity.ts'
import { manifestText, readManifest } from '#engine/copies/manifest.ts'
import { recordProofs } from '#engine/copies/record-proofs.ts'
import { removeCopy } from '#engine/copies/remove.ts'
import type { CopyShelf } from '#engine/copies/shelf.ts'
import { readCopy } from '#engine/copies/show.ts'
import { replaceFile } from '#engine/disk/file.ts'
import { catalogueIn, noon, proof, scratch, storeCopy } from '../../../support/copies.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const
let dir: string
let catalogue: Catalogue
let copy: CopyRow
let older: CopyRow

beforeEach(async () => {
  dir = scratch()
  catalogue = catalogueIn(join(dir, 'data'))
  const copiesDir = join(dir, 'copies')
  older = await storeCopy({
    catalogue,
    copiesDir,
    content: Buffer.from('older dump'),
    change: { takenAt: '2025-06-14T12:00:00.000Z' },
  })
  copy = await storeCopy({ catalogue, copiesDir, content: Buffer.from('whole dump') })
})

/** Face and the reason, as the list tells them after a look. */
async function seen() {
  await lookAtCopies(catalogue)
  const row = catalogue.copies.list(query).copies.find(({ id }) => id === copy.id)
  return { face: row?.face, rung: row?.rung, detail: row?.proofs[0]?.detail }
}

test('a copy that nobody touched stays what it was, and nothing is written', async () => {
  expect(await lookAtCopies(catalogue)).toEqual([])
  expect(await seen()).toMatchObject({ face: 'proven', rung: 'readable' })
})

describe('what happens behind our back shows as damaged, with the reason', () => {
  const deeds: [string, RegExp, () => void][] = [
    ['removed', /gone/, () => rmSync(copy.file)],
    ['moved away', /gone/, () => renameSync(copy.file, join(dir, 'elsewhere'))],
    ['its folder removed', /gone/, () => rmSync(join(copy.file, '..'), { recursive: true })],
    ['cut', /5 bytes; 10 were stored/, () => truncateSync(copy.file, 5)],
    ['emptied', /0 bytes/, () => truncateSync(copy.file, 0)],
    ['grown', /14 bytes/, () => writeFileSync(copy.file, 'more', { flag: 'a' })],
    ['edited to the same size', /SHA-256/, () => writeFileSync(copy.file, 'wh0le dump')],
    ['replaced by another copy', /SHA-256/, () => renameSync(older.file, copy.file)],
    [
      'replaced by a link to the same content',
      /link/,
      () => {
        renameSync(copy.file, join(dir, 'real'))
        symlinkSync(join(dir, 'real'), copy.file)
      },
    ],
    [
      'replaced by a folder',
      /no file/,
      () => {
        rmSync(copy.file)
        mkdirSync(copy.file)
      },
    ],
  ]
  test.each(deeds)('%s', async (_, reason, deed) => {
    deed()
    expect(await seen()).toMatchObject({ face: 'damaged', rung: null, detail: expect.stringMatching(reason) })
    expect(await readCopy(catalogue, copy.id)).toMatchObject({ face: 'damaged', rung: null })
  })
})

test('a copy that was touched only, or copied back, is read and found whole', async () => {
  utimesSync(copy.file, new Date(), new Date())
  expect(await seen()).toMatchObject({ face: 'proven', rung: 'readable' })
  const bytes = readFileSync(copy.file)
  rmSync(copy.file)
  expect((await seen()).face).toBe('damaged')
  writeFileSync(copy.file, bytes)
  expect(await seen()).toMatchObject({ face: 'proven', rung: 'readable' })
  expect(await lookAtCopies(catalogue)).toEqual([])
})

test('an edit does not get its green light back by setting the time back', async () => {
  writeFileSync(copy.file, 'wh0le dump')
  expect((await seen()).face).toBe('damaged')
  utimesSync(copy.file, noon(), noon())
  expect((await seen()).face).toBe('damaged')
})

test('what was cut and is put back as it was is well again', async () => {
  const bytes = readFileSync(copy.file)
  truncateSync(copy.file, 5)
  expect((await seen()).face).toBe('damaged')
  writeFileSync(copy.file, bytes)
  utimesSync(copy.file, noon(), noon())
  expect(await seen()).toMatchObject({ face: 'proven', rung: 'readable' })
})

test('damage that is known is not read again each time, and stays', async () => {
  writeFileSync(copy.file, 'wh0le dump')
  expect(await lookAtCopies(catalogue)).toEqual([copy.id])
  expect(await lookAtCopies(catalogue)).toEqual([])
  expect((await seen()).detail).toMatch(/SHA-256/)
})

test('a very large file that was touched is not checked until somebody reads it; red does not turn grey', async () => {
  // sparse: it takes no room, and its size is the one in the row
  const large = 1024 ** 3 + 1
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies'), content: Buffer.from('x') })
  truncateSync(row.file, large)
  const { manifestFile } = await readCopy(catalogue, row.id)
  const manifest = await readManifest(manifestFile)
  catalogue.copies.remove(row.id)
  writeFileSync(manifestFile, JSON.stringify({ ...manifest, bytes: large }))
  catalogue.copies.put({ ...manifest, bytes: large }, manifestFile)
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(row.id)).toMatchObject({ face: 'not-checked', rung: null })
  expect((await recordProofs(catalogue, row.id, { proofs: [proof('readable')], before: null })).face).toBe(
    'not-checked',
  )
  expect((await recordProofs(catalogue, row.id, { proofs: [proof('stored')], before: lstatSync(row.file) })).face).toBe(
    'proven',
  )
  expect(await lookAtCopies(catalogue)).toEqual([])
  catalogue.copies.saw(row.id, { look: 'changed', detail: 'it was read', at: noon().toISOString() })
  utimesSync(row.file, new Date(), new Date())
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(row.id)?.face).toBe('damaged')
})

test('a disk that is not connected is not checked, not damaged, and well again when it is back', async () => {
  renameSync(join(dir, 'copies'), join(dir, 'unplugged'))
  expect(await seen()).toMatchObject({ face: 'not-checked', rung: null, detail: expect.stringContaining('connected') })
  mkdirSync(join(dir, 'copies'))
  expect((await seen()).face).toBe('not-checked')
  rmSync(join(dir, 'copies'), { recursive: true })
  renameSync(join(dir, 'unplugged'), join(dir, 'copies'))
  expect(await seen()).toMatchObject({ face: 'proven', rung: 'readable' })
})

test('without its manifest, or with another one, a copy is not checked, and its page still opens', async () => {
  const { manifestFile } = await readCopy(catalogue, copy.id)
  const other = (await readCopy(catalogue, older.id)).manifestFile
  copyFileSync(other, manifestFile)
  expect(await readCopy(catalogue, copy.id)).toMatchObject({
    face: 'not-checked',
    tables: [],
    findings: [{ kind: 'manifest' }],
  })
  rmSync(manifestFile)
  expect(await readCopy(catalogue, copy.id)).toMatchObject({
    face: 'not-checked',
    tables: [],
    findings: [{ kind: 'manifest' }],
  })
  expect((await seen()).face).toBe('not-checked')
})

test('a copy that is not in the list is not found', async () => {
  await expect(readCopy(catalogue, 'nothing')).rejects.toMatchObject({ kind: 'not-found' })
})

test('a file that was changed while it was read and proven is no proven copy', async () => {
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies'), content: Buffer.from('whole') })
  const before = lstatSync(row.file)
  writeFileSync(row.file, 'whOle')
  const proofs = [proof('stored'), proof('readable'), proof('restored'), proof('exact')]
  expect((await recordProofs(catalogue, row.id, { proofs, before })).face).toBe('damaged')
  expect(catalogue.copies.get(row.id)?.face).toBe('damaged')
})

test('damage that a dying process has written into the manifest alone is seen by the next look', async () => {
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const { manifestFile } = await readCopy(catalogue, row.id)
  const manifest = await readManifest(manifestFile)
  const damaged = { ...manifest, proofs: [...manifest.proofs, { ...proof('exact'), outcome: 'damaged' as const }] }
  await replaceFile(manifestFile, manifestText(damaged))
  expect(catalogue.copies.get(row.id)?.face).toBe('proven')
  expect(await lookAtCopies(catalogue)).toEqual([row.id])
  expect(catalogue.copies.get(row.id)?.face).toBe('damaged')
  expect(await lookAtCopies(catalogue)).toEqual([])
})

test('of two proofs that come at once, none is lost', async () => {
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const { manifestFile } = await readCopy(catalogue, row.id)
  const bad = { ...proof('exact'), outcome: 'damaged' as const }
  await Promise.all(
    [bad, proof('restored'), proof('readable')].map((one) =>
      recordProofs(catalogue, row.id, { proofs: [one], before: null }),
    ),
  )
  const { proofs } = await readManifest(manifestFile)
  // in whatever order they got their turn
  expect(new Set(proofs.slice(2).map(({ rung }) => rung))).toEqual(new Set(['exact', 'restored', 'readable']))
  expect(proofs).toHaveLength(5)
  expect(catalogue.copies.get(row.id)?.face).toBe('damaged')
})

test('a proof that somebody else writes at the very same moment of the clock is not lost', async () => {
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const { manifestFile } = await readCopy(catalogue, row.id)
  const moment = noon()
  utimesSync(manifestFile, moment, moment)
  const manifest = await readManifest(manifestFile)
  const other = (): void => {
    writeFileSync(manifestFile, manifestText({ ...manifest, proofs: [...manifest.proofs, proof('restored')] }))
    utimesSync(manifestFile, moment, moment)
  }
  let before: (() => void) | undefined = other
  const shelf: CopyShelf = {
    ...catalogue,
    exclusively: (work) => {
      before?.()
      before = undefined
      return catalogue.exclusively(work)
    },
  }
  await recordProofs(shelf, row.id, { proofs: [proof('exact')], before: null })
  const { proofs } = await readManifest(manifestFile)
  expect(proofs.slice(2).map(({ rung }) => rung)).toEqual(['restored', 'exact'])
})

test('a copy that was removed while it was verified does not come back', async () => {
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const { manifestFile } = await readCopy(catalogue, row.id)
  await removeCopy({ id: row.id, catalogue, copiesDir: join(dir, 'copies') })
  const late = recordProofs(catalogue, row.id, { proofs: [proof('exact')], before: null })
  await expect(late).rejects.toMatchObject({ kind: 'not-found' })
  expect(existsSync(manifestFile)).toBe(false)
})

test('an edited manifest that names the file of another copy takes nothing from that one', async () => {
  const { manifestFile } = await readCopy(catalogue, older.id)
  const manifest = await readManifest(manifestFile)
  await replaceFile(manifestFile, manifestText({ ...manifest, file: basename(copy.file) }))
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(older.id)).toMatchObject({ face: 'not-checked', file: older.file })
  const late = recordProofs(catalogue, older.id, { proofs: [proof('stored')], before: lstatSync(older.file) })
  await expect(late).rejects.toMatchObject({ kind: 'copy-changed' })
  await removeCopy({ id: older.id, catalogue, copiesDir: join(dir, 'copies') })
  expect(existsSync(copy.file)).toBe(true)
  expect(await lookAtCopies(catalogue)).toEqual([])
  expect(catalogue.copies.get(copy.id)?.face).toBe('proven')
})

test('a manifest that can not be read for a while leaves no doubt about its file, and reads nothing again and again', async () => {
  const { manifestFile } = await readCopy(catalogue, copy.id)
  const whole = readFileSync(manifestFile, 'utf8')
  await replaceFile(manifestFile, 'half of i')
  expect(await lookAtCopies(catalogue)).toEqual([copy.id])
  expect(catalogue.copies.get(copy.id)?.face).toBe('not-checked')
  expect(await lookAtCopies(catalogue)).toEqual([])
  await replaceFile(manifestFile, whole)
  expect(await lookAtCopies(catalogue)).toEqual([copy.id])
  expect(catalogue.copies.get(copy.id)?.face).toBe('proven')
})

test('a copy that was seen to be another file is so also after its disk was away', async () => {
  writeFileSync(copy.file, 'whole dumb')
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(copy.id)?.face).toBe('damaged')
  const copies = join(dir, 'copies')
  renameSync(copies, join(dir, 'away'))
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(copy.id)?.face).toBe('not-checked')
  renameSync(join(dir, 'away'), copies)
  await lookAtCopies(catalogue)
  expect(catalogue.copies.get(copy.id)?.face).toBe('damaged')
  expect(catalogue.copies.get(older.id)?.face).toBe('proven')
})

test('what an older Lifeboat could not tell is read, and not believed', async () => {
  // its row: red once, and then its disk was away; the time is that of the wrong file
  writeFileSync(copy.file, 'whole dumb')
  const { mtimeMs } = lstatSync(copy.file)
  catalogue.copies.saw(copy.id, { look: 'unsure', detail: 'away', at: noon().toISOString(), modifiedMs: mtimeMs })
  const old: CopyShelf = {
    ...catalogue,
    copies: {
      ...catalogue.copies,
      files: (id) => catalogue.copies.files(id).map((file) => ({ ...file, manifestModifiedMs: null })),
    },
  }
  await lookAtCopies(old)
  expect(catalogue.copies.get(copy.id)?.face).toBe('damaged')
})

test('evidence waits for a list that is held for a while', async () => {
  let refusals = 3
  const held: CopyShelf = {
    ...catalogue,
    exclusively: (work) => {
      if (refusals-- > 0) throw new LifeboatFailure('catalogue-busy', 'The catalogue is held by another program.')
      return catalogue.exclusively(work)
    },
  }
  const bad = { ...proof('exact'), outcome: 'damaged' as const }
  await recordProofs(held, copy.id, { proofs: [bad], before: null })
  expect(catalogue.copies.get(copy.id)?.face).toBe('damaged')
  expect(readdirSync(dirname(copy.file)).filter((name) => name.startsWith('.'))).toEqual([])
})
