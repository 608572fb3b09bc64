import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { memoryIn } from '../../../../src/main/shell/desktop/remembered.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-memory-'))
  file = join(folder, 'window.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const bounds = { x: -5, y: 10, width: 1000, height: 700 }
const fresh = { bounds: null, maximised: false, theme: 'system', language: 'system' }

test('what was remembered is there at the next start', async () => {
  memoryIn(file).remember({ bounds, theme: 'dark' })
  memoryIn(file).remember({ maximised: true })
  expect(memoryIn(file).value).toEqual({ ...fresh, bounds, theme: 'dark', maximised: true })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test.each(['', '{', '[]', 'null', '42'])('a broken file (%j) is a first start', async (text) => {
  await writeFile(file, text)
  expect(memoryIn(file).value).toEqual(fresh)
})

test('only what makes no sense is forgotten', async () => {
  await writeFile(file, JSON.stringify({ bounds: { x: 'left' }, maximised: 7, theme: 'dark', language: 'tlh' }))
  expect(memoryIn(file).value).toEqual({ ...fresh, theme: 'dark' })
})

test('a folder that refuses costs no more than the memory', () => {
  const memory = memoryIn('/dev/null/window.json')
  memory.remember({ theme: 'light' })
  expect(memory.value.theme).toBe('light')
})

test('nothing is written when nothing changed', async () => {
  const memory = memoryIn(file)
  memory.remember({ theme: 'system' })
  await expect(readFile(file)).rejects.toThrow()
})
