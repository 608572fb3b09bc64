import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { commitCopy } from '#engine/copies/commit.ts'
import type { CopyShelf } from '#engine/copies/shelf.ts'
import { readManifest } from '#engine/copies/manifest.ts'
import { openPart } from '#engine/copies/part.ts'
import { catalogueIn, draftOf, noon, scratch, storeCopy } from '../../../support/copies.ts'

function setUp() {
  const dir = scratch()
  return { catalogue: catalogueIn(join(dir, 'data')), copiesDir: join(dir, 'copies') }
}

test('a copy is its file, its manifest, a line that sha256sum takes, and a row', async () => {
  const { catalogue, copiesDir } = setUp()
  const content = Buffer.from('-- a dump\n'.repeat(100_000))
  const row = await storeCopy({ catalogue, copiesDir, content })
  const folder = join(copiesDir, 'shop', 'prod')
  expect(row.file).toBe(join(folder, 'backup_prod_20250615_120000.sql.gz'))
  expect(readFileSync(row.file).equals(content)).toBe(true)
  expect(readdirSync(folder).sort()).toEqual([
    'SHA256SUMS',
    'backup_prod_20250615_120000.manifest.json',
    'backup_prod_20250615_120000.sql.gz',
  ])
  const manifest = await readManifest(join(folder, 'backup_prod_20250615_120000.manifest.json'))
  expect(manifest).toMatchObject({ id: row.id, file: 'backup_prod_20250615_120000.sql.gz', sha256: row.sha256 })
  expect(spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder }).status).toBe(0)
  expect(catalogue.copies.get(row.id)).toEqual(row)
  expect(readFileSync(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8')).toContain(
    'shop/prod/backup_prod_20250615_120000.sql.gz',
  )
})

test('only the operator can read it, and its time is the one at which it was taken', async () => {
  const { catalogue, copiesDir } = setUp()
  const { file } = await storeCopy({ catalogue, copiesDir })
  for (const dir of [copiesDir, dirname(dirname(file)), dirname(file)]) expect(statSync(dir).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(dirname(file)))
    expect(statSync(join(dirname(file), name)).mode & 0o777, name).toBe(0o600)
  expect(statSync(file).mtime).toEqual(noon())
})

test('a name that is taken gets a number, also when the other one has another extension', async () => {
  const { catalogue, copiesDir } = setUp()
  const first = await storeCopy({ catalogue, copiesDir, content: Buffer.from('one') })
  const second = await storeCopy({ catalogue, copiesDir, content: Buffer.from('two') })
  expect(second.file).toBe(first.file.replace('.sql.gz', '-2.sql.gz'))
  expect(readFileSync(first.file, 'utf8')).toBe('one')
  const content = Buffer.from('three')
  const part = await openPart({ copiesDir, server: 'shop', label: 'prod', jobId: 'j', now: noon })
  await part.write(content)
  const stem = 'backup_prod_20250615_120000'
  const third = await commitCopy({ part, copiesDir, stem, extension: 'sql.zst', manifest: draftOf(content), catalogue })
  expect(third.file).toBe(first.file.replace('.sql.gz', '-3.sql.zst'))
  expect(spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: dirname(first.file) }).status).toBe(0)
})

test('a link that lies under the wanted name is not written through', async () => {
  const { catalogue, copiesDir } = setUp()
  const folder = join(copiesDir, 'shop', 'prod')
  mkdirSync(folder, { recursive: true })
  const victim = join(copiesDir, '..', 'victim')
  writeFileSync(victim, 'precious')
  symlinkSync(victim, join(folder, 'backup_prod_20250615_120000.sql.gz'))
  symlinkSync('/nowhere', join(folder, 'backup_prod_20250615_120000-2.manifest.json'))
  const { file } = await storeCopy({ catalogue, copiesDir })
  expect(file).toMatch(/-3\.sql\.gz$/)
  expect(readFileSync(victim, 'utf8')).toBe('precious')
})

test('a link in the place of a folder of copies is refused; the whole folder may be one', async () => {
  const { catalogue, copiesDir } = setUp()
  const elsewhere = scratch()
  mkdirSync(copiesDir)
  symlinkSync(elsewhere, join(copiesDir, 'shop'))
  await expect(storeCopy({ catalogue, copiesDir })).rejects.toMatchObject({ kind: 'folder-refused' })
  expect(readdirSync(elsewhere)).toEqual([])
  const linked = join(scratch(), 'link')
  symlinkSync(elsewhere, linked)
  expect(existsSync((await storeCopy({ catalogue, copiesDir: linked })).file)).toBe(true)
})

test('fewer bytes than the manifest tells of are no copy', async () => {
  const { catalogue, copiesDir } = setUp()
  const part = await openPart({ copiesDir, server: 'shop', label: 'prod', jobId: 'j', now: noon })
  await part.write(Buffer.from('half'))
  const manifest = draftOf(Buffer.from('half of it'))
  const commit = commitCopy({ part, copiesDir, stem: 'a', extension: 'sql', manifest, catalogue })
  await expect(commit).rejects.toMatchObject({ kind: 'disk-failed' })
  await part.discard()
  expect(readdirSync(join(copiesDir, 'shop', 'prod'))).toEqual([])
  expect(catalogue.copies.files()).toEqual([])
})

test('hostile names of server, label and file stay inside the folder', async () => {
  const { catalogue, copiesDir } = setUp()
  const change = { server: '../../etc', label: 'a/../..\n' }
  const { file } = await storeCopy({ catalogue, copiesDir, stem: '../../../passwd\n; rm -rf $HOME', change })
  expect(file.startsWith(`${copiesDir}/`)).toBe(true)
  expect(lstatSync(file).isFile()).toBe(true)
  expect(file.slice(copiesDir.length).split('/')).toHaveLength(4)
  expect(spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: dirname(file) }).status).toBe(0)
})

test('a list that is held for a moment does not make a failure of a copy that is safe', async () => {
  const { catalogue, copiesDir } = setUp()
  let refusals = 2
  const held: CopyShelf = {
    ...catalogue,
    exclusively: (work) => {
      if (refusals-- > 0) throw new LifeboatFailure('catalogue-busy', 'The catalogue is held by another program.')
      return catalogue.exclusively(work)
    },
  }
  const content = Buffer.from('whole')
  const part = await openPart({ copiesDir, server: 'shop', label: 'prod', jobId: 'j', now: noon })
  await part.write(content)
  const commit = { part, copiesDir, stem: 'a', extension: 'sql', manifest: draftOf(content) }
  const row = await commitCopy({ ...commit, catalogue: held })
  expect(catalogue.copies.files().map(({ id }) => id)).toEqual([row.id])
})
