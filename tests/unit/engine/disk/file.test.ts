import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createExclusive, giveName, isSameFile, replaceFile, replaceFileNow } from '#engine/disk/file.ts'
import { makeFolderInside, requireWritableFolder } from '#engine/disk/folder.ts'
import { hashFile } from '#engine/disk/hash.ts'
import { findProgram } from '#engine/disk/programs.ts'
import { freeBytes, requireSpace } from '#engine/disk/space.ts'
import { scratch } from '../../../support/copies.ts'

test('a file is replaced whole, for the operator alone, and nothing is left beside it', async () => {
  const dir = scratch()
  const file = join(dir, 'a.json')
  await replaceFile(file, 'one')
  replaceFileNow(file, 'two')
  expect(readFileSync(file, 'utf8')).toBe('two')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(dir)).toEqual(['a.json'])
})

test('a file that can not be replaced stays as it was, and nothing is left beside it', async () => {
  const dir = scratch()
  mkdirSync(join(dir, 'a.json', 'full'), { recursive: true })
  await expect(replaceFile(join(dir, 'a.json'), 'x')).rejects.toMatchObject({ kind: 'disk-failed' })
  expect(() => replaceFileNow(join(dir, 'a.json'), 'x')).toThrow()
  expect(readdirSync(dir)).toEqual(['a.json'])
})

test('a link in the place of the file is replaced, not written through', async () => {
  const dir = scratch()
  writeFileSync(join(dir, 'victim'), 'precious')
  symlinkSync(join(dir, 'victim'), join(dir, 'a.json'))
  await replaceFile(join(dir, 'a.json'), 'x')
  expect(readFileSync(join(dir, 'victim'), 'utf8')).toBe('precious')
})

test('of many who want the same name, exactly one gets it, and nothing is overwritten', async () => {
  const dir = scratch()
  const names = Array.from({ length: 20 }, (_, n) => join(dir, `from-${n}`))
  for (const name of names) writeFileSync(name, name)
  const got = await Promise.all(names.map((name) => giveName(name, join(dir, 'to'))))
  expect(got.filter(Boolean)).toHaveLength(1)
  const winner = names[got.indexOf(true)] ?? ''
  expect(readFileSync(join(dir, 'to'), 'utf8')).toBe(winner)
  expect(await isSameFile(winner, join(dir, 'to'))).toBe(true)
  expect(await isSameFile(winner, join(dir, 'nothing'))).toBe(false)
})

test('a new file is never one that is there already', async () => {
  const dir = scratch()
  symlinkSync('/nowhere', join(dir, 'link'))
  await expect(createExclusive(join(dir, 'link'))).rejects.toMatchObject({ code: 'EEXIST' })
})

test('a link is not hashed through', async () => {
  const dir = scratch()
  writeFileSync(join(dir, 'real'), 'abc')
  symlinkSync(join(dir, 'real'), join(dir, 'link'))
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(await hashFile(join(dir, 'real'))).toEqual({ sha256, bytes: 3 })
  await expect(hashFile(join(dir, 'link'))).rejects.toMatchObject({ code: 'ELOOP' })
})

test('a folder must really take files, and no link may stand in the place of one inside', async () => {
  const dir = scratch()
  await requireWritableFolder(join(dir, 'new', 'deep'))
  expect(readdirSync(join(dir, 'new', 'deep'))).toEqual([])
  writeFileSync(join(dir, 'file'), '')
  await expect(requireWritableFolder(join(dir, 'file'))).rejects.toMatchObject({ kind: 'folder-refused' })
  // procfs refuses new files, to root too
  await expect(requireWritableFolder('/proc/self')).rejects.toBeDefined()
  symlinkSync(scratch(), join(dir, 'link'))
  await expect(makeFolderInside(dir, 'link')).rejects.toMatchObject({ kind: 'folder-refused' })
})

test('free space is that of the disk on which a folder would come to lie', async () => {
  const dir = scratch()
  expect(await freeBytes(join(dir, 'not', 'yet'))).toBeGreaterThan(0)
  await requireSpace(dir, 0)
  await expect(requireSpace(dir, 1e18)).rejects.toMatchObject({ kind: 'disk-full' })
})

test('a program is found by its absolute path, one that is not there is not', async () => {
  expect(await findProgram('sh')).toMatch(/^\/.*\/sh$/)
  expect(await findProgram('no-such-program')).toBeNull()
})
