import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { CommandCall } from '#engine/demo/commands.ts'
import { startRelay } from '#engine/demo/relay.ts'
import { scratch } from '../../../support/copies.ts'

async function relayIn(folder: string, answer: (call: CommandCall) => string) {
  mkdirSync(folder, { recursive: true })
  const relay = await startRelay(folder, ['docker'], async (call) => ({ code: 0, stdout: answer(call), stderr: '' }))
  onTestFinished(() => relay.stop())
  return relay
}

async function run(program: string, args: string[]): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout }
}

test.each([
  ['an ordinary folder', ''],
  ['a folder whose name is too long for a socket', 'long'.repeat(30)],
  ['a folder with a quote and blanks', `o'clock "and" more`],
])('hands a program its arguments as they are, in %s', async (_what, name) => {
  const { bin } = await relayIn(join(scratch(), name), ({ program, args }) => JSON.stringify([program, ...args]))
  const args = ['exec', `it's`, '$(id)', '备份', '-e', 'A=1\n2']
  const { code, stdout } = await run(join(bin, 'docker'), args)
  expect({ code, said: JSON.parse(stdout) as unknown }).toEqual({ code: 0, said: ['docker', ...args] })
})

test('is not ended by a caller that speaks nonsense, nor by an answer that fails', async () => {
  const folder = scratch()
  let calls = 0
  const { bin } = await relayIn(folder, () => {
    calls += 1
    if (calls === 1) throw new Error('no answer')
    return 'fine'
  })
  for (const text of ['nonsense', '{}', '']) {
    await new Promise<void>((resolve) => {
      const socket = connect({ path: join(folder, 'relay.sock') })
      socket.on('error', () => {}).once('close', () => resolve())
      socket.resume()
      socket.end(text)
    })
  }
  expect((await run(join(bin, 'docker'), [])).code).not.toBe(0)
  expect(await run(join(bin, 'docker'), ['version'])).toEqual({ code: 0, stdout: 'fine' })
})
