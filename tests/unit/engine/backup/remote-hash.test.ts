import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { prefixHash, remoteHash } from '#engine/backup/remote-hash.ts'
import type { Connection } from '#engine/ssh/connection.ts'

const content = Buffer.from('a backup that the cron has made\n'.repeat(1000))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
let folder: string
let file: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lifeboat-hash-'))
  file = join(folder, "it's a backup.sql")
  writeFileSync(file, content)
})
afterAll(() => rmSync(folder, { recursive: true }))

const signal = new AbortController().signal
const where = (name: string): string =>
  spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()

/** A server that has these programs and no others; a name that ends in ! is one that always fails. */
function serverWith(...names: string[]): Pick<Connection, 'run'> {
  const bin = mkdtempSync(join(folder, 'bin-'))
  for (const name of ['sh', 'grep', 'head', ...names]) {
    if (name.endsWith('!')) writeFileSync(join(bin, name.slice(0, -1)), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    else symlinkSync(where(name), join(bin, name))
  }
  return {
    run: async (command) => {
      if ('script' in command) throw new Error('arguments were expected')
      const [program = '', ...args] = command
      const { status, signal: by, stdout, stderr } = spawnSync(program, args, { env: { PATH: bin }, encoding: 'utf8' })
      return { code: status, signal: by, stdout, stderr }
    },
  }
}

const programs = ['openssl', 'sha256sum', 'busybox', 'shasum'].filter((name) => where(name) !== '')

describe('the SHA-256 of a file as the server computes it', () => {
  test.each(programs)('by %s', async (name) => {
    const server = serverWith(name, ...(name === 'shasum' ? ['perl'] : []))
    expect(await remoteHash(server, file, signal)).toBe(sha256(content))
    expect(await prefixHash(server, file, 1000, signal)).toBe(sha256(content.subarray(0, 1000)))
  })

  test('by the next one where one is there and does not work', async () => {
    expect(await remoteHash(serverWith('openssl!', 'sha256sum'), file, signal)).toBe(sha256(content))
  })

  test('is not known where there is no program for it, or no file', async () => {
    expect(await remoteHash(serverWith(), file, signal)).toBeNull()
    expect(await remoteHash(serverWith('openssl!', 'sha256sum!'), file, signal)).toBeNull()
    expect(await remoteHash(serverWith('sha256sum'), join(folder, 'nowhere'), signal)).toBeNull()
  })
})

test('who may only bring files over SFTP gets no hash, and no failure', async () => {
  const failing = (kind: 'remote-command' | 'connection-lost'): Pick<Connection, 'run'> => ({
    run: () => Promise.reject(new LifeboatFailure(kind, 'The login shell ended before it began sh.')),
  })
  expect(await remoteHash(failing('remote-command'), file, signal)).toBeNull()
  await expect(remoteHash(failing('connection-lost'), file, signal)).rejects.toMatchObject({ kind: 'connection-lost' })
})
