import { createHash } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs'
import { text as textOf } from 'node:stream/consumers'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runCli } from '../../../src/main/cli/run.ts'
import { catalogueIn, scratch, storeCopy } from '../../support/copies.ts'
import { dumpOf } from '../../support/dump-text.ts'
import { faultyServer } from '../engine/ssh/faulty-server.ts'
import { lifeboat } from '../../support/lifeboat.ts'
import { smallDisk, whyNoMounts } from '../../support/mounts.ts'

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

describe('is not disturbed by a reader that has seen enough', () => {
  it('of the result', async () => {
    const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    expect([await codeOf(child), await textOf(child.stderr)]).toEqual([0, ''])
  })

  it('of the progress', async () => {
    const dir = scratch()
    const file = join(dir, 'whole.sql')
    writeFileSync(file, dumpOf('SELECT 1;\n'))
    const child = spawn(process.execPath, [entry, '--data-dir', dir, 'check', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.destroy()
    const [code, said] = await Promise.all([codeOf(child), textOf(child.stdout)])
    expect([code, said]).toEqual([0, expect.stringContaining('readable: proven')])
  })
})

it.skipIf(whyNoMounts() !== null)('does not end well when only a part of its result could be written', async () => {
  const disk = join(scratch(), 'disk')
  smallDisk(disk, 4)
  const file = join(disk, 'log')
  writeFileSync(file, '.'.repeat(4000))
  expect(await helpInto(openSync(file, 'a'))).toEqual([1, expect.stringContaining('could not be written: ENOSPC')])
})

it.skipIf(!existsSync('/dev/full'))('does not end well when its result could not be written', async () => {
  expect(await helpInto(openSync('/dev/full', 'w'))).toEqual([
    1,
    expect.stringContaining('could not be written: ENOSPC'),
  ])
})

async function helpInto(stdout: number): Promise<[code: unknown, stderr: string]> {
  onTestFinished(() => closeSync(stdout))
  const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', stdout, 'pipe'] })
  return Promise.all([codeOf(child), child.stderr === null ? '' : textOf(child.stderr)])
}

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

async function codeOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('close', resolve))
}
