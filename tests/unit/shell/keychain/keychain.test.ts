import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { KeychainStatus } from '#shared/wire.ts'
import { answerAsk } from '../../../../src/main/shell/keychain/answer.ts'
import { keychainIn, type Cipher } from '../../../../src/main/shell/keychain/keychain.ts'
import { withoutKnownKey } from '../../../../src/main/shell/keychain/known-key.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeboat-keychain-'))
  file = join(folder, 'keychain.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Stands for the system's key: what another key wrote can not be read. */
function cipher(key: number, status: KeychainStatus = 'available'): Cipher {
  const turn = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ key))
  return {
    status: async () => status,
    encrypt: async (text) => turn(Buffer.from(`\0${text}`)),
    decrypt: async (bytes) => {
      const text = turn(bytes).toString()
      if (!text.startsWith('\0')) throw new Error('wrong key')
      return text.slice(1)
    },
  }
}

describe('a secret', () => {
  test('is kept under its reference, for the next start too', async () => {
    await keychainIn(file, cipher(0x5a)).set('server:1:password', '口令 hunter2')
    expect(await keychainIn(file, cipher(0x5a)).get('server:1:password')).toBe('口令 hunter2')
    expect(await keychainIn(file, cipher(0x5a)).list()).toEqual(['server:1:password'])
  })
  test('never stands in the file in clear, and the file is for the user alone', async () => {
    await keychainIn(file, cipher(0x5a)).set('a', 'hunter2')
    const text = await readFile(file, 'utf8')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(Buffer.from('hunter2').toString('base64'))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })
  test('of another key is as good as not kept', async () => {
    await keychainIn(file, cipher(0x5a)).set('a', 'hunter2')
    expect(await keychainIn(file, cipher(0x33)).get('a')).toBeNull()
  })
  test('can be forgotten', async () => {
    const keychain = keychainIn(file, cipher(0x5a))
    await keychain.set('a', 'x')
    await keychain.delete('a')
    await keychain.delete('never there')
    expect(await keychain.get('a')).toBeNull()
    expect(await readFile(file, 'utf8')).not.toContain('"a"')
  })
  test('is not lost when several are kept at once', async () => {
    const keychain = keychainIn(file, cipher(0x5a))
    const names = Array.from({ length: 20 }, (_, n) => `r${n}`)
    await Promise.all(names.map((name) => keychain.set(name, name)))
    expect((await keychain.list()).sort()).toEqual(names.sort())
  })
  test.each(['__proto__', 'constructor'])('may have the reference %s', async (reference) => {
    const keychain = keychainIn(file, cipher(0x5a))
    expect(await keychain.get(reference)).toBeNull()
  })
})

describe('a file that can not be read', () => {
  test.each([
    ['broken', '{"lifeboat":1,"secrets":{"vault:passphrase":"c2Vj'],
    ['of a later Lifeboat', '{"lifeboat":2,"secrets":{"vault:passphrase":"c2Vj"}}'],
  ])('because it is %s gives nothing, and is laid aside before another takes its place', async (_why, text) => {
    await writeFile(file, text)
    const keychain = keychainIn(file, cipher(0x5a))
    expect(await keychain.get('vault:passphrase')).toBeNull()
    await expect(keychain.list()).rejects.toMatchObject({ kind: 'disk-failed' })
    await keychain.set('a', 'x')
    expect(await keychain.get('a')).toBe('x')
    const [aside] = (await readdir(folder)).filter((name) => name.includes('unreadable'))
    expect(await readFile(join(folder, aside ?? ''), 'utf8')).toBe(text)
  })
  test('for a moment keeps what it holds', async () => {
    await keychainIn(file, cipher(0x5a)).set('vault:passphrase', 'kept')
    const away = join(folder, 'away')
    await rename(file, away)
    await mkdir(file)
    const keychain = keychainIn(file, cipher(0x5a))
    await expect(keychain.set('a', 'x')).rejects.toMatchObject({ kind: 'disk-failed' })
    await rmdir(file)
    await rename(away, file)
    await keychain.set('a', 'x')
    expect(await keychain.get('vault:passphrase')).toBe('kept')
  })
})

describe.each(['absent', 'basic_text'] as const)('where the keychain is %s', (status) => {
  test('nothing is stored', async () => {
    await expect(keychainIn(file, cipher(0x5a, status)).set('a', 'hunter2')).rejects.toMatchObject({
      kind: 'keychain-absent',
    })
    await expect(readFile(file)).rejects.toThrow()
  })
  test('nothing is given, not even what was stored before', async () => {
    await keychainIn(file, cipher(0x5a)).set('a', 'x')
    expect(await keychainIn(file, cipher(0x5a, status)).get('a')).toBeNull()
  })
})

describe('where Linux says available and encrypts', () => {
  /** As Chromium does it there: the mark of the key stands before the text. */
  const marked = (mark: string): Cipher => ({
    status: async () => 'available',
    encrypt: async (text) => Buffer.from(`${mark}${text}`),
    decrypt: async (bytes) => bytes.toString().slice(3),
  })
  test('under the key that everybody knows, nothing is stored, and nothing given that was', async () => {
    await keychainIn(file, marked('v10')).set('old', 'hunter2')
    const before = await readFile(file, 'utf8')
    const keychain = keychainIn(file, withoutKnownKey(marked('v10')))
    expect(await keychain.status()).toBe('basic_text')
    await expect(keychain.set('a', 'x')).rejects.toMatchObject({ kind: 'keychain-absent' })
    expect(await readFile(file, 'utf8')).toBe(before)
    expect(await keychain.get('old')).toBeNull()
    expect(await keychainIn(file, withoutKnownKey(marked('v11'))).get('old')).toBeNull()
  })
  test('under a key of the desktop, it is kept', async () => {
    const keychain = keychainIn(file, withoutKnownKey(marked('v11')))
    expect(await keychain.status()).toBe('available')
    await keychain.set('a', 'x')
    expect(await keychain.get('a')).toBe('x')
  })
  test('not even a probe, there is none', async () => {
    const encrypt = async (): Promise<never> => {
      throw new Error('no key')
    }
    expect(await withoutKnownKey({ ...marked('v11'), encrypt }).status()).toBe('absent')
  })
})

describe('the engine', () => {
  test('is answered in the shapes of the wire', async () => {
    const keychain = keychainIn(file, cipher(0x5a))
    expect(await answerAsk(keychain, 'keychain.status', {})).toEqual({ status: 'available' })
    expect(await answerAsk(keychain, 'keychain.set', { reference: 'a', secret: 's' })).toEqual({})
    expect(await answerAsk(keychain, 'keychain.get', { reference: 'a' })).toEqual({ secret: 's' })
    expect(await answerAsk(keychain, 'keychain.list', {})).toEqual({ references: ['a'] })
    expect(await answerAsk(keychain, 'keychain.delete', { reference: 'a' })).toEqual({})
    expect(await answerAsk(keychain, 'keychain.get', { reference: 'a' })).toEqual({ secret: null })
  })
  test('is refused what does not fit', async () => {
    await expect(answerAsk(keychainIn(file, cipher(1)), 'keychain.set', { reference: 'a' })).rejects.toThrow()
  })
})
