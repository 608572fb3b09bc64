import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { isAlive, ownProcess } from '#engine/disk/owner.ts'

test('this process is alive', () => {
  expect(isAlive(ownProcess())).toBe(true)
})

test('another program that got the number of a dead process is not that process', () => {
  const own = ownProcess()
  // where the system does not tell when a process began, its number is all there is
  if (own.startToken !== '') expect(isAlive({ ...own, startToken: `${own.startToken}0` })).toBe(false)
  expect(isAlive({ ...own, startToken: '' })).toBe(true)
})

test('a process is alive until it ended, and dead afterwards', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const { pid } = child
  if (pid === undefined) throw new Error('no child')
  expect(isAlive({ pid, startToken: '' })).toBe(true)
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.stdin.end()
  await closed
  await expect.poll(() => isAlive({ pid, startToken: '' })).toBe(false)
})
