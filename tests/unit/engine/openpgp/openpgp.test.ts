import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readEnvelope } from '#engine/openpgp/packets.ts'
import { createOpenPgp } from '#engine/openpgp/thread.ts'
import { campaign } from '../../../support/faults.ts'

const pgp = createOpenPgp()
const content = Buffer.from('A=1\n'.repeat(400))
let home = ''

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lifeboat-gpg-'))
  chmodSync(home, 0o700)
})
afterAll(async () => {
  await pgp.forget()
  spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  rmSync(home, { recursive: true, force: true })
})

/** Stock gpg with a keyring of its own. */
function gpg(args: readonly string[], input: Uint8Array | string, passphrase?: string) {
  const secret = passphrase === undefined ? [] : ['--pinentry-mode', 'loopback', '--passphrase', passphrase]
  return spawnSync('gpg', ['--homedir', home, '--batch', '--yes', ...secret, ...args], {
    input: Buffer.from(input),
    maxBuffer: 1e8,
  })
}

const passphrases: [string, string][] = [
  ['one word', 'word'],
  ['spaces at both ends', '  two words  '],
  ['Chinese', '正确的马电池订书钉'],
  ['a line break', 'first\nsecond'],
  ['1,000 characters', '长'.repeat(500) + 'x'.repeat(500)],
]

describe.each(passphrases)('a passphrase of %s', (_what, passphrase) => {
  test('opens in gpg what was sealed here', async () => {
    const { sealed } = await pgp.seal(content, passphrase)
    const { status, stdout } = gpg(['-d'], sealed, passphrase)
    expect([status, stdout.equals(content)]).toEqual([0, true])
  })
  test('opens here what gpg has sealed', async () => {
    const sealed = gpg(['-c'], content, passphrase).stdout
    const opened = await pgp.open(sealed, passphrase)
    expect(opened.outcome === 'opened' && Buffer.from(opened.content).equals(content)).toBe(true)
  })
})

test('gpg seals nothing with an empty passphrase; were there such a seal, it would open', async () => {
  expect(gpg(['-c'], content, '').status).toBe(2)
  const { sealed } = await pgp.seal(content, '')
  expect(await pgp.open(sealed, '')).toMatchObject({ outcome: 'opened' })
})

test('a seal is AES-256 with MDC, its passphrase hashed 65,011,712 bytes long with SHA-512', async () => {
  const { sealed } = await pgp.seal(content, 'word')
  const told = gpg(['--list-packets'], sealed, 'word').stdout.toString()
  expect(told).toMatch(/version 4, cipher 9, aead 0, ?s2k 3, hash 10/)
  expect(told).toMatch(/count 65011712/)
  expect(told).toMatch(/mdc_method: 2/)
})

test.each([['--armor'], ['--cipher-algo', 'AES128'], ['--cipher-algo', 'TWOFISH'], ['--compress-algo', 'none']])(
  'what gpg seals with %s %s opens too',
  async (...options) => {
    const sealed = gpg([...options, '-c'], content, 'word').stdout
    expect(await pgp.open(sealed, 'word')).toMatchObject({ outcome: 'opened' })
    expect(await pgp.open(sealed, 'other')).toEqual({ outcome: 'wrong-passphrase' })
  },
)

test('a wrong passphrase is none of damage', async () => {
  const { sealed } = await pgp.seal(content, 'word')
  expect(await pgp.open(sealed, 'Word')).toEqual({ outcome: 'wrong-passphrase' })
})

test('what is not protected against changes is refused', async () => {
  const sealed = gpg(['--disable-mdc', '--rfc2440', '--cipher-algo', 'AES', '-c'], content, 'word').stdout
  expect(readEnvelope(sealed)?.protection === 'none' || sealed.length === 0).toBe(true)
  if (sealed.length > 0) expect(await pgp.open(sealed, 'word')).toMatchObject({ outcome: 'refused' })
})

test('a flip or a cut anywhere gives nothing of the content', async () => {
  const { sealed, key } = await pgp.seal(content, 'word')
  const { random, count, came } = campaign('flips and cuts of a seal', { full: 200, sample: 24 })
  for (let n = 0; n < count; n += 1) {
    const cut = n % 4 === 0
    const at = random.below(sealed.byteLength)
    const bytes = Buffer.from(cut ? sealed.subarray(0, at) : sealed)
    if (!cut) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    // most of them with the key at hand, which shows damage and saves the derivation
    const opened = n % 8 === 1 ? await pgp.open(bytes, 'word') : await pgp.openWith(bytes, key)
    // where the salt or the count was hit, another key comes out: the passphrase no longer fits
    const intact = opened.outcome === 'opened' && Buffer.from(opened.content).equals(content)
    if (opened.outcome === 'opened') expect([at < 15, intact]).toEqual([true, true])
    else expect(['damaged', 'wrong-passphrase', 'refused']).toContain(opened.outcome)
    came(opened.outcome === 'opened' ? 'hit only what the key replaces' : opened.outcome)
  }
})

test('a seal for two keys opens with either of them, in gpg, and needs no secret', async () => {
  for (const user of ['ann@example.org', 'bob@example.org'])
    gpg(['--quick-gen-key', user, user.startsWith('ann') ? 'future-default' : 'default', 'default', 'never'], '', '')
  const found = await pgp.readKeys(gpg(['--export'], '').stdout, new Date())
  expect(found.map(({ user, problem }) => [user, problem])).toEqual([
    ['ann@example.org', null],
    ['bob@example.org', null],
  ])
  const { sealed, keyIds } = await pgp.sealFor(
    content,
    found.map(({ bytes }) => bytes),
    new Date(),
  )
  expect(readEnvelope(Buffer.from(sealed))?.keyIds).toEqual(keyIds)
  for (const user of ['ann', 'bob']) {
    const other = gpg(['--try-secret-key', user, '-d'], sealed)
    expect([other.status, other.stdout.equals(content)]).toEqual([0, true])
  }
  expect(await pgp.open(sealed, 'word')).toEqual({ outcome: 'for-keys', keyIds })
  expect(gpg(['--list-packets'], sealed).stdout.toString()).toMatch(/mdc_method: 2/)
})

test('a file without keys, and one that is none, are told of', async () => {
  await expect(pgp.readKeys(Buffer.from('no key'), new Date())).rejects.toMatchObject({ kind: 'seal-key' })
  await expect(pgp.sealFor(content, [Buffer.from('no key')], new Date())).rejects.toMatchObject({ kind: 'seal-key' })
})

test('a seal that was cut to a few bytes is damaged, whatever is typed', async () => {
  const made = [Buffer.from((await pgp.seal(content, 'word')).sealed), gpg(['-c'], content, 'word').stdout]
  for (const sealed of made) {
    for (const length of [0, 1, 8, 15, 16, 20, 30, 45]) {
      const cut = sealed.subarray(0, length)
      // nobody is asked for the passphrase of what nothing can be in
      expect(readEnvelope(cut)).toBeNull()
      for (const typed of ['word', 'other']) expect((await pgp.open(cut, typed)).outcome).toBe('damaged')
    }
  }
})
