import { expect, onTestFinished, test, vi } from 'vitest'
import { runCli } from '../../../src/main/cli/run.ts'
import { scratch } from '../../support/copies.ts'

vi.mock(import('#engine/engine.ts'), async (original) => {
  const { createEngine } = await original()
  return {
    createEngine: async (options) => {
      const engine = await createEngine(options)
      const stop = async (): Promise<void> => {
        await engine.stop()
        throw new Error('It does not end.')
      }
      return { ...engine, stop }
    },
  }
})

test.each([
  [['server', 'list'], 0, { ok: true }],
  [['server', 'remove', 'none'], 1, { ok: false, failure: { kind: 'not-found' } }],
])('an engine that can not end changes nothing about what %j said', async (args, code, said) => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  onTestFinished(() => write.mockRestore())
  expect(await runCli(['--data-dir', scratch(), '--json', ...args])).toBe(code)
  expect(write).toHaveBeenCalledTimes(1)
  expect(JSON.parse(String(write.mock.calls[0]?.[0]))).toMatchObject(said)
})
