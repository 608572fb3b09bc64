import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FromEngine } from '#shared/wire.ts'
import { nodeHost } from '../../../../src/main/shell/host/node-host.ts'

const entry = fileURLToPath(new URL('../../../app/support/stand-in-engine.ts', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-host-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function start(options: { node?: string; entry?: string; env?: Record<string, string> } = {}) {
  const messages: FromEngine[] = []
  const lines: string[] = []
  const exits: string[] = []
  const host = nodeHost({
    node: options.node ?? process.execPath,
    entry: options.entry ?? entry,
    env: { ...process.env, ...options.env },
  })
  const engine = host.start({
    onMessage: (message) => messages.push(message),
    onOutput: (line) => lines.push(line),
    onExit: (reason) => exits.push(reason),
  })
  engine.post({
    t: 'start',
    options: { dataDir: folder, copiesDir: null, logsDir: join(folder, 'logs'), version: '0.1.0' },
  })
  return { engine, messages, lines, exits }
}

describe('the engine in a Node of its own', () => {
  test('starts, answers, and ends in order', async () => {
    const { engine, messages, exits } = start()
    await expect.poll(() => messages).toContainEqual({ t: 'ready', version: '0.1.0' })
    engine.post({ t: 'call', n: 1, name: 'app.facts', input: {} })
    await expect.poll(() => messages).toContainEqual(expect.objectContaining({ t: 'reply', n: 1, ok: true }))
    engine.post({ t: 'stop' })
    await expect.poll(() => exits).toEqual(['exit code 0'])
    await expect(readFile(join(folder, 'stopped-in-order'))).resolves.toBeDefined()
    // An engine that is gone hears nothing, and nobody is thrown at.
    expect(() => engine.post({ t: 'wake' })).not.toThrow()
  })
  test('tells its exit code', async () => {
    const { exits } = start({ env: { STAND_IN_FAILS: '1' } })
    await expect.poll(() => exits).toEqual(['exit code 7'])
  })
  test('tells the signal that ended it', async () => {
    const { engine, messages, exits } = start()
    await expect.poll(() => messages).toHaveLength(1)
    engine.kill()
    await expect.poll(() => exits).toEqual(['ended by SIGKILL'])
  })
  test('tells once that there is no such Node', async () => {
    const { exits } = start({ node: '/nowhere/node' })
    await expect.poll(() => exits).toHaveLength(1)
    expect(exits[0]).toMatch(/^it could not be started: .*ENOENT/)
  })
  test('gives what it prints on, so that the log has its last words', async () => {
    const { lines, exits } = start({ entry: join(folder, 'missing.js') })
    await expect.poll(() => exits).toEqual(['exit code 1'])
    await expect.poll(() => lines.join('\n')).toContain('Cannot find module')
  })
})
