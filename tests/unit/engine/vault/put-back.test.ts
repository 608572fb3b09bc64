import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readFile, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Connection, RunOptions } from '#engine/ssh/connection.ts'
import type { RunResult } from '#engine/ssh/run.ts'
import type { RemoteFacts, Sftp } from '#engine/ssh/sftp.ts'
import { putBack } from '#engine/vault/put-back.ts'
import { scratch } from '../../../support/copies.ts'

const content = Buffer.from('A=put back\n')
let dir: string
let path: string
beforeEach(() => {
  dir = scratch()
  path = join(dir, '.env')
})

async function facts(of: string): Promise<RemoteFacts | null> {
  const there = await stat(of).catch(() => null)
  const modified = Math.floor((there?.mtimeMs ?? 0) / 1000)
  const kind = there?.isFile() ? 'file' : 'folder'
  return there && { kind, bytes: there.size, modified, mode: there.mode & 0o777 }
}

const unused = async (): Promise<never> => {
  throw new Error('nobody needs it')
}
/** This computer's files as a server gives them. A last part that is missing is no failure to OpenSSH. */
const sftp: Sftp = {
  stat: facts,
  readFile: (of) => readFile(of),
  realPath: (of) =>
    realpath(of).catch(async () => {
      const name = await readlink(of).catch(() => basename(of))
      return join(await realpath(dirname(of)), basename(name))
    }),
  list: unused,
  open: unused,
  end: () => {},
}

type Run = (command: Parameters<Connection['run']>[0], options: RunOptions) => Promise<RunResult>

/** Runs the command in this computer's own shell. */
function inShell(env: NodeJS.ProcessEnv = process.env): Run {
  return async (command, { input }) => {
    if (!('script' in command)) throw new Error('a script was expected')
    const { status, signal, stderr } = spawnSync('sh', ['-c', command.script], {
      ...(input === undefined ? {} : { input }),
      env,
    })
    return { code: status, signal, stdout: '', stderr: stderr.toString() }
  }
}

async function put(run: Run, replaces: RemoteFacts | null, to = path): Promise<string> {
  const { signal } = new AbortController()
  return putBack({ connection: { run }, sftp, sudo: false, path: to, content, replaces, server: 'shop', signal })
}

const left = (): string[] => readdirSync(dir).filter((name) => name.startsWith('.lifeboat'))

test('what somebody wrote after it was sealed is not replaced: it is in no seal', async () => {
  writeFileSync(path, 'A=sealed\n')
  const sealed = await facts(path)
  writeFileSync(path, 'A=meanwhile\n')
  await expect(put(inShell(), sealed)).rejects.toMatchObject({ kind: 'env-changed' })
  writeFileSync(path, 'A=edited\n')
  utimesSync(path, 1_700_000_000, 1_700_000_000)
  await expect(put(inShell(), sealed)).rejects.toMatchObject({ kind: 'env-changed' })
  await expect(put(inShell(), null)).rejects.toMatchObject({ kind: 'env-changed' })
  expect([readFileSync(path, 'utf8'), left()]).toEqual(['A=edited\n', []])
  await put(inShell(), await facts(path))
  expect([readFileSync(path), left()]).toEqual([content, []])
})

test('a link that leads to nothing yet stays a link', async () => {
  const target = join(dir, 'real.env')
  symlinkSync(target, path)
  expect(await put(inShell(), null)).toBe(target)
  expect([lstatSync(path).isSymbolicLink(), readFileSync(target), statSync(target).mode & 0o777]).toEqual([
    true,
    content,
    0o600,
  ])
})

test('only the file and its folder are brought onto the disk, not whatever else the server has', async () => {
  const tools = scratch()
  const log = join(tools, 'log')
  writeFileSync(join(tools, 'sync'), `#!/bin/sh\necho "$#" "$1" >>'${log}'\n`)
  chmodSync(join(tools, 'sync'), 0o755)
  await put(inShell({ PATH: `${tools}:${process.env['PATH']}` }), null)
  const synced = readFileSync(log, 'utf8').trim().split('\n')
  expect(synced).toEqual([expect.stringMatching(/^1 .*\.lifeboat-put-/), `1 ${dir}/`])
})

test.each<[string, (whole: RunResult) => RunResult]>([
  [
    'took too long',
    () => {
      throw new LifeboatFailure('stalled', 'sh on shop did not end within 60 s.')
    },
  ],
  [
    'was cancelled',
    () => {
      throw AbortSignal.abort().reason
    },
  ],
  ['was killed there', (whole) => ({ ...whole, code: null, signal: 'KILL' })],
])('where it %s after the content was sent, nobody says that the old one is still there', async (_, end) => {
  writeFileSync(path, 'A=old\n')
  const run: Run = async (command, options) => end(await inShell()(command, options))
  const failure = {
    kind: 'put-unsure',
    message: expect.stringContaining('may be the old one or the new one') as string,
  }
  await expect(put(run, await facts(path))).rejects.toMatchObject(failure)
  expect(readFileSync(path)).toEqual(content)
})
