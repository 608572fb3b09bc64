import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createOpenPgp } from '#engine/openpgp/thread.ts'
import { gpgVersion, openWithGpg } from '#engine/vault/gpg.ts'
import { gpg24 } from './machine/gpg24.ts'

const pgp = createOpenPgp()
const content = Buffer.from('A=1\n'.repeat(400))
let root = ''
let bin = ''
/** as gpg sees it */
const home = `/tmp/home-${process.pid}`

beforeAll(async () => {
  root = await gpg24()
  mkdirSync(join(root, home), { mode: 0o700 })
  // the engine finds it as the operator's own
  bin = mkdtempSync(join(tmpdir(), 'lifeboat-gpg24-'))
  writeFileSync(join(bin, 'gpg'), `#!/bin/sh\nexec chroot ${root} /usr/bin/gpg --homedir ${home} "$@"\n`)
  chmodSync(join(bin, 'gpg'), 0o755)
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
})
afterAll(async () => {
  await pgp.forget()
  spawnSync('chroot', [root, '/usr/bin/gpgconf', '--homedir', home, '--kill', 'all'])
  rmSync(join(root, home), { recursive: true, force: true })
  rmSync(bin, { recursive: true, force: true })
  vi.unstubAllEnvs()
})

function gpg(args: readonly string[], input: Uint8Array | string, passphrase?: string) {
  const secret = passphrase === undefined ? [] : ['--pinentry-mode', 'loopback', '--passphrase', passphrase]
  return spawnSync('gpg', ['--batch', '--yes', ...secret, ...args], { input: Buffer.from(input), maxBuffer: 1e8 })
}

test('this is GnuPG 2.4', async () => {
  expect(await gpgVersion()).toMatch(/^2\.4\./)
})

describe.each([
  ['one word', 'word'],
  ['spaces at both ends', '  two words  '],
  ['Chinese', '正确的马电池订书钉'],
  ['a line break', 'first\nsecond'],
  ['1,000 characters', '长'.repeat(500) + 'x'.repeat(500)],
])('a passphrase of %s', (_what, passphrase) => {
  test('opens there what was sealed here, and here what was sealed there', async () => {
    const { sealed } = await pgp.seal(content, passphrase)
    const there = gpg(['-d'], sealed, passphrase)
    expect([there.status, there.stdout.equals(content)]).toEqual([0, true])
    const opened = await pgp.open(gpg(['-c'], content, passphrase).stdout, passphrase)
    expect(opened.outcome === 'opened' && Buffer.from(opened.content).equals(content)).toBe(true)
  })
})

test('a newer form than gpg 2.2 reads is told of, and is no damage', async () => {
  const sealed = gpg(['--force-ocb', '-c'], content, 'word').stdout
  expect(await pgp.open(sealed, 'word')).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/newer/) })
})

test('a key of 2.4 opens what was sealed here for it, and what 2.4 itself seals in its newer form', async () => {
  gpg(['--quick-gen-key', 'ann@example.org', 'default', 'default', 'never'], '', '')
  const [key] = await pgp.readKeys(gpg(['--export'], '').stdout, new Date())
  if (!key) throw new Error('no key')
  const { sealed } = await pgp.sealFor(content, [key.bytes], new Date())
  const newer = gpg(['--trust-model', 'always', '-e', '-r', 'ann@example.org'], content).stdout
  for (const one of [sealed, newer]) {
    const opened = await openWithGpg(one, 'it', AbortSignal.timeout(60_000))
    expect(Buffer.from(opened.content).equals(content)).toBe(true)
  }
  const broken = Buffer.from(sealed)
  broken[broken.length - 30] = (broken[broken.length - 30] ?? 0) ^ 1
  await expect(openWithGpg(broken, 'it', AbortSignal.timeout(60_000))).rejects.toMatchObject({ kind: 'seal-damaged' })
  await expect(openWithGpg(Buffer.from('junk'), 'it', AbortSignal.timeout(60_000))).rejects.toMatchObject({
    kind: 'seal-damaged',
  })
})
