import { spawn } from 'node:child_process'
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

test('a folder in which the demo server of another process runs is left to it', async () => {
  const folder = join(scratch(), 'demo')
  mkdirSync(folder)
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  try {
    writeFileSync(join(folder, '.lifeboat-demo'), JSON.stringify({ pid: other.pid, startToken: '' }))
    writeFileSync(join(folder, 'key'), 'in use')
    await expect(startDemo(folder, noon())).rejects.toMatchObject({ kind: 'in-use' })
    expect(readFileSync(join(folder, 'key'), 'utf8')).toBe('in use')
  } finally {
    other.kill()
  }
})
