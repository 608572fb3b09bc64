import { appendFileSync, chmodSync, mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localSource, readSources, type ReadSource } from '#engine/vault/source.ts'
import { scratch } from '../../../support/copies.ts'

function someFile(): string {
  const path = join(scratch(), '.env')
  writeFileSync(path, 'A=1\nB=2\n', { mode: 0o640 })
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  return path
}

describe('a file that somebody changes while it is read is not sealed', () => {
  test.each<[string, (path: string) => void]>([
    ['it grows', (path) => appendFileSync(path, 'C=3\n')],
    ['it is cut', (path) => truncateSync(path, 3)],
    ['it is emptied', (path) => truncateSync(path, 0)],
    [
      'other bytes of the same length and time',
      (path) => {
        writeFileSync(path, 'A=1\nB=3\n')
        utimesSync(path, 1_700_000_000, 1_700_000_000)
      },
    ],
    ['only its rights', (path) => chmodSync(path, 0o600)],
    ['only its time', (path) => utimesSync(path, 1_700_000_100, 1_700_000_100)],
  ])('%s', async (_what, change) => {
    const [path, other] = [someFile(), someFile()]
    let reads = 0
    const read: ReadSource = async (each) => {
      const file = await localSource(each)
      // between the first reading of all and the second
      if ((reads += 1) === 2) change(path)
      return file
    }
    await expect(readSources([path, other], 'here', read)).rejects.toMatchObject({
      kind: 'env-changed',
      message: expect.stringContaining(path),
    })
  })
})

test('what is no file is told of, and holds nothing up', async () => {
  const dir = scratch()
  mkdirSync(join(dir, 'folder'))
  expect(spawnSync('mkfifo', [join(dir, 'pipe')]).status).toBe(0)
  for (const name of ['folder', 'pipe', 'gone'])
    await expect(readSources([join(dir, name)], 'here', localSource)).rejects.toMatchObject({
      kind: 'env-missing',
      message: expect.stringContaining(name),
    })
})
