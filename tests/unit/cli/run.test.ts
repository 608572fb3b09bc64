import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runCli } from '../../../src/main/cli/run.ts'
import { catalogueIn, scratch, storeCopy } from '../../support/copies.ts'
import { dumpOf } from '../../support/dump-text.ts'
import { faultyServer } from '../engine/ssh/faulty-server.ts'
import { lifeboat } from '../../support/lifeboat.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'src', 'main', 'cli', 'index.ts')

describe('with --json stdout is one object, whatever was typed', () => {
  it.each([
    [['--version'], 0],
    [['--help'], 0],
    [[], 2],
    [['constructor'], 2],
    [['toString', 'x'], 2],
    [['copy'], 2],
    [['copy', 'list', '--lang', 'fr'], 2],
    // an unset variable of a script
    [['--data-dir', '', 'copy', 'list'], 2],
  ])('%j', async (args, code) => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    onTestFinished(() => write.mockRestore())
    expect(await runCli(['--json', ...args])).toBe(code)
    const said: unknown = JSON.parse(write.mock.calls.map(([text]) => String(text)).join(''))
    expect(said).toMatchObject(code === 0 ? { ok: true } : { ok: false, failure: { kind: 'wrong-usage' } })
  })
})

it('says that there is neither a copy nor a file', async () => {
  const dir = scratch()
  const { code, json } = await lifeboat(['--data-dir', dir, '--json', 'check', '/nowhere/backup.sql.gz'])
  expect(code).toBe(1)
  expect(json).toMatchObject({
    failure: { kind: 'not-found', message: expect.stringContaining('/nowhere/backup.sql.gz') },
  })
})

it('refuses to check a copy that holds what pg_dump never writes, as it refuses the file', async () => {
  const dir = scratch()
  const content = Buffer.from(dumpOf('\\! touch /tmp/never\n'))
  const copiesDir = join(dir, 'copies')
  const { id, file } = await storeCopy({ catalogue: catalogueIn(dir), copiesDir, content })
  for (const named of [id, file]) {
    const { code, json } = await lifeboat(['--data-dir', dir, '--json', 'check', named])
    expect([code, json]).toMatchObject([3, { ok: false, failure: { kind: 'dump-refused' } }])
  }
})

it('is not disturbed by a reader that has seen enough', async () => {
  const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect({ code, errors: Buffer.concat(errors).toString() }).toEqual({ code: 0, errors: '' })
})

describe('a secret from a descriptor', () => {
  it.each([
    ['that is wrong', '0', 'login-refused'],
    ['that is none', '999', 'answer-needed'],
    // one that did not arrive, and whose number Node uses for a pipe of its own
    ['that was not handed over', '7', 'answer-needed'],
  ])('%s ends with a failure that says so', async (_which, fd, kind) => {
    const dir = scratch()
    const server = await faultyServer({ authenticate: (context) => context.reject(['password']) })
    onTestFinished(() => server.close())
    const on = ['--data-dir', dir, '--json']
    const login = ['--host', server.target.host, '--port', String(server.target.port), '--user', 'ann', '--password']
    const hostKey = fingerprintOf(server.hostKey.key)
    await lifeboat([...on, 'server', 'add', 'shop', ...login, '--host-key', hostKey])
    await lifeboat([...on, 'database', 'add', 'shop/prod', '--on-host', '--dbname', 'a', '--dbuser', 'b'])
    const result = await lifeboat([...on, '--passphrase-fd', fd, 'backup', 'shop/prod'], { input: 'hunter2\n' })
    expect(result).toMatchObject({ code: 1, json: { ok: false, failure: { kind } } })
    expect(result.stdout + result.stderr).not.toContain('hunter2')
  })
})

function fingerprintOf(key: string): string {
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
