import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { openWithGpg } from '#engine/vault/gpg.ts'
import { scratch } from '../../../support/copies.ts'

let home = ''
let sealed: Buffer
let locked: Buffer

function gpg(args: readonly string[], input = ''): Buffer {
  const loopback = ['--homedir', home, '--batch', '--yes', '--trust-model', 'always', '--pinentry-mode', 'loopback']
  return spawnSync('gpg', [...loopback, ...args], { input }).stdout
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lifeboat-gpg-'))
  chmodSync(home, 0o700)
  gpg(['--passphrase', '', '--quick-gen-key', 'ann@example.org', 'future-default', 'default', 'never'])
  gpg(['--passphrase', 'pw', '--quick-gen-key', 'bob@example.org', 'future-default', 'default', 'never'])
  sealed = gpg(['-e', '-r', 'ann@example.org'], 'A=1\n')
  locked = gpg(['-e', '-r', 'bob@example.org'], 'A=1\n')
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
})
afterAll(() => {
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  rmSync(home, { recursive: true, force: true })
})
afterEach(() => void vi.unstubAllEnvs())

/** The operator's own gpg, with an option that brings about what is tried. */
function ownGpg(...options: string[]): void {
  const bin = join(scratch(), 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'gpg'), `#!/bin/sh\nexec /usr/bin/gpg ${options.join(' ')} "$@"\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
  vi.stubEnv('GNUPGHOME', home)
}
const opened = (bytes: Uint8Array) => openWithGpg(bytes, 'it', AbortSignal.timeout(60_000))

test('what gpg has a key for is opened', async () => {
  ownGpg()
  const { content, key } = await opened(sealed)
  expect([Buffer.from(content).toString(), key?.algorithm]).toEqual(['A=1\n', 'aes256'])
})

test('without the secret key it is no damage', async () => {
  ownGpg('--homedir', scratch())
  await expect(opened(sealed)).rejects.toMatchObject({ kind: 'seal-key' })
})

test('nor with an agent that is dead', async () => {
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  ownGpg('--no-autostart')
  await expect(opened(sealed)).rejects.toMatchObject({ kind: 'seal-key' })
})

test('nor when the operator does not give the passphrase of his key', async () => {
  ownGpg('--pinentry-mode', 'cancel')
  await expect(opened(locked)).rejects.toMatchObject({ kind: 'gpg-failed' })
})

test('a change of the content is, and nothing of it is given', async () => {
  ownGpg()
  const bytes = Buffer.from(sealed)
  bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1
  await expect(opened(bytes)).rejects.toMatchObject({ kind: 'seal-damaged' })
  await expect(opened(sealed.subarray(0, -8))).rejects.toMatchObject({ kind: 'seal-damaged' })
  await expect(opened(Buffer.from('junk'))).rejects.toMatchObject({ kind: 'seal-damaged' })
})

test('more than any archive holds is refused, and is no damage', async () => {
  ownGpg()
  const bomb = gpg(['-e', '-r', 'ann@example.org'], '\0'.repeat(100 * 1024 * 1024))
  await expect(opened(bomb)).rejects.toMatchObject({ kind: 'seal-refused' })
})

test('where there is no gpg at all, it says so', async () => {
  vi.stubEnv('PATH', scratch())
  await expect(opened(sealed)).rejects.toMatchObject({
    kind: 'seal-key',
    message: expect.stringMatching(/no gpg here/),
  })
})
