import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { manifestBeside, manifestName, manifestText, readManifest } from '#engine/copies/manifest.ts'
import { recordProofs } from '#engine/copies/record-proofs.ts'
import { readCopy } from '#engine/copies/show.ts'
import { catalogueIn, draftOf, proof, scratch, storeCopy } from '../../../support/copies.ts'

const manifest = { ...draftOf(Buffer.from('x')), file: 'a.sql.gz' }

function inFile(text: string): string {
  const file = join(scratch(), 'a.manifest.json')
  writeFileSync(file, text)
  return file
}

test('a manifest is read as it was written', async () => {
  expect(await readManifest(inFile(manifestText(manifest)))).toEqual(manifest)
  expect(manifestName('backup_prod_1.sql.gz')).toBe('backup_prod_1.manifest.json')
  expect(manifestName('a.b.sql.zst')).toBe('a.b.manifest.json')
})

test('a manifest that is cut anywhere is refused with a sentence', async () => {
  const text = manifestText(manifest)
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 3), async (end) => {
      await expect(readManifest(inFile(text.slice(0, end)))).rejects.toMatchObject({ kind: 'copy-changed' })
    }),
    { numRuns: 50 },
  )
})

test('whatever lies there instead, it is a sentence and no crash', async () => {
  const wrong: unknown[] = [
    null,
    [],
    1,
    'x',
    {},
    { lifeboat: 1 },
    { ...manifest, bytes: -1 },
    { ...manifest, sha256: 'x' },
  ]
  for (const value of wrong) {
    await expect(readManifest(inFile(JSON.stringify(value)))).rejects.toBeInstanceOf(LifeboatFailure)
  }
  await expect(readManifest(inFile(JSON.stringify({ ...manifest, lifeboat: 2 })))).rejects.toThrow(/newer Lifeboat/)
  const folder = join(scratch(), 'a.manifest.json')
  mkdirSync(folder)
  await expect(readManifest(folder)).rejects.toBeInstanceOf(LifeboatFailure)
  const link = join(scratch(), 'a.manifest.json')
  symlinkSync(inFile(manifestText(manifest)), link)
  await expect(readManifest(link)).rejects.toMatchObject({ kind: 'copy-missing' })
})

test('a manifest can not make a file outside of its folder a copy', async () => {
  for (const file of ['../../etc/passwd', '/etc/passwd', '..', '.', '', 'a/b', 'a\\b', 'a\0']) {
    await expect(readManifest(inFile(JSON.stringify({ ...manifest, file })))).rejects.toMatchObject({
      kind: 'copy-changed',
    })
  }
})

test('a proof is added to the manifest and to the row; nothing that was there is lost, not even what we do not know', async () => {
  const dir = scratch()
  const catalogue = catalogueIn(join(dir, 'data'))
  const row = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  const { manifestFile } = await readCopy(catalogue, row.id)
  const foreign = { ...(await readManifest(manifestFile)), signature: { by: 'a later version' } }
  writeFileSync(manifestFile, JSON.stringify(foreign))
  // the clock was set back by a day meanwhile
  const after = await recordProofs(catalogue, row.id, {
    proofs: [proof('readable', 'damaged', '2025-06-14T12:00:00.000Z')],
    before: null,
  })
  expect(after.face).toBe('damaged')
  expect(catalogue.copies.get(row.id)?.face).toBe('damaged')
  expect(JSON.parse(readFileSync(manifestFile, 'utf8'))).toMatchObject({
    signature: { by: 'a later version' },
    proofs: [{ rung: 'stored' }, { rung: 'readable', outcome: 'proven' }, { rung: 'readable', outcome: 'damaged' }],
  })
  expect((await recordProofs(catalogue, row.id, { proofs: [proof('readable')], before: null })).face).toBe('proven')
})

test('the manifest beside a file is found, and only when it is the file’s own', async () => {
  const dir = scratch()
  const catalogue = catalogueIn(join(dir, 'data'))
  const { file, id } = await storeCopy({ catalogue, copiesDir: join(dir, 'copies') })
  expect((await manifestBeside(file))?.id).toBe(id)
  expect(await manifestBeside(file.replace('.sql.gz', '.sql.zst'))).toBeNull()
  expect(await manifestBeside(join(dirname(file), 'other.sql'))).toBeNull()
})
