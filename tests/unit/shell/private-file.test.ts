import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writePrivateFile } from '../../../src/main/shell/private-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-private-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a file that everybody could read is for the user alone when it was written again', async () => {
  const file = join(folder, 'rows.csv')
  await writeFile(file, 'old')
  await chmod(file, 0o644)
  await writePrivateFile(file, 'rows')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toBe('rows')
})
test('what can not be written leaves nothing behind', async () => {
  const file = join(folder, 'taken')
  await mkdir(file)
  await expect(writePrivateFile(file, 'rows')).rejects.toThrow()
  expect(await readdir(folder)).toEqual(['taken'])
})
