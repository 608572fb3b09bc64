import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDemo } from '#engine/demo/start.ts'
import { noon, scratch } from '../../../support/copies.ts'

test('a folder that is not its own is not emptied', async () => {
  const folder = join(scratch(), 'demo')
  mkdirSync(folder)
  writeFileSync(join(folder, 'thesis.txt'), 'years of work')
  await expect(startDemo(folder, noon())).rejects.toMatchObject({ kind: 'folder-refused' })
  expect(readFileSync(join(folder, 'thesis.txt'), 'utf8')).toBe('years of work')
})
