import { describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { sealToCompare } from '#shared/vault.ts'
import { countsOf, driftOf, filesNow, viewsByPrints, viewsOfFiles } from '#engine/vault/drift.ts'
import type { FoundSeal } from '#engine/vault/list.ts'
import { printerOf } from '#engine/vault/prints.ts'
import type { ReadSource } from '#engine/vault/source.ts'
import { noon } from '../../../support/copies.ts'
import { memoryKeychain } from '../../../support/vault.ts'

const file = (name: string, text: string) => ({
  name,
  mode: 0o600,
  modifiedAt: noon(),
  content: Buffer.from(text),
})

function found(id: string, paths: readonly string[], from: FoundSeal['from'] = 'server'): FoundSeal {
  const files = paths.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), path }))
  return {
    id,
    server: 'shop',
    label: 'prod',
    file: `/copies/shop/prod/${id}.tar.gz.gpg`,
    bytes: 1,
    sealedAt: noon().toISOString(),
    kind: 'passphrase',
    recipients: [],
    names: files.map(({ name }) => name),
    files,
    from,
    look: 'same',
    driftReady: true,
    record: null,
  }
}

/** A server that has these files; null: one that may not be read. */
const server = (files: Record<string, string | null>) => {
  const read: ReadSource = async (path) => {
    const text = files[path]
    if (text === undefined) throw new LifeboatFailure('env-missing', `${path} is not there.`)
    if (text === null) throw new LifeboatFailure('env-unreadable', `${path} may not be read.`)
    return { path, mode: 0o600, modifiedAt: noon(), content: Buffer.from(text) }
  }
  return { name: 'shop', read }
}

describe('what is compared', () => {
  test('is the newest seal that holds every file of the database, not one that was made of a single file later', () => {
    const [single, all, older] = [found('3', ['/a']), found('2', ['/a', '/b']), found('1', ['/a', '/b'])]
    expect(sealToCompare([single, all, older], ['/a', '/b'])?.id).toBe('2')
    expect(sealToCompare([single], ['/a', '/b'])?.id).toBe('3')
    expect(sealToCompare([found('4', ['/a', '/b'], 'local'), all], ['/a', '/b'])?.id).toBe('2')
    expect(sealToCompare([], ['/a'])).toBeUndefined()
  })

  test('is never a seal that is no longer what was sealed: it would be told the same, and not open', () => {
    const [cut, older] = [{ ...found('2', ['/a']), look: 'changed' as const }, found('1', ['/a'])]
    expect(sealToCompare([cut, older], ['/a'])?.id).toBe('1')
    expect(sealToCompare([cut], ['/a'])).toBeUndefined()
  })

  test('a file of the database that is in no seal is told of, by its path', async () => {
    const seal = found('1', ['/srv/a/.env'])
    const now = await filesNow(
      seal,
      ['/srv/a/.env', '/srv/b/.env'],
      server({ '/srv/a/.env': 'A=1', '/srv/b/.env': 'B=1' }),
    )
    const drift = driftOf(seal, viewsOfFiles([file('.env', 'A=1')]), now, noon())
    expect(drift.files.map(({ name, in: where }) => [name, where])).toEqual([
      ['.env', 'both'],
      ['/srv/b/.env', 'right'],
    ])
    expect(countsOf(drift)).toMatchObject({ equal: false, unsealed: 1, added: 0, missing: 0 })
  })

  test('a file that is gone is told of; of one that may not be read nothing is said', async () => {
    const seal = found('1', ['/a', '/b'])
    const now = await filesNow(seal, ['/a', '/b'], server({ '/a': 'A=1' }))
    const drift = driftOf(seal, viewsOfFiles([file('a', 'A=1'), file('b', 'B=1\nC=1')]), now, noon())
    expect(countsOf(drift)).toMatchObject({ equal: false, missing: 1, removed: 0 })
    await expect(filesNow(seal, ['/a', '/b'], server({ '/a': 'A=1', '/b': null }))).rejects.toMatchObject({
      kind: 'env-unreadable',
    })
  })

  test('a file of a hand-made seal that lies nobody knows where is not told to be gone, and nothing to compare is not the same', async () => {
    const seal = { ...found('1', []), from: 'unknown' as const }
    const sealed = viewsOfFiles([file('.env.prod', 'A=1'), file('.env.test', 'A=2')])
    const now = await filesNow(seal, ['/srv/.env.prod'], server({ '/srv/.env.prod': 'A=1' }))
    expect(countsOf(driftOf(seal, sealed, now, noon()))).toMatchObject({ equal: true, missing: 0 })
    const gone = await filesNow(seal, ['/srv/.env.prod'], server({}))
    expect(driftOf(seal, sealed, gone, noon())).toMatchObject({ equal: false, missing: ['.env.prod'] })
    for (const env of [[], ['/srv/other']]) {
      const nothing = await filesNow(seal, env, server({}))
      expect(() => driftOf(seal, sealed, nothing, noon())).toThrow(expect.objectContaining({ kind: 'not-found' }))
    }
  })
})

test('the numbers are those of the keys, and hold no name of one', () => {
  const sealed = viewsOfFiles([file('x', 'A=1\nB=2\nC=3'), file('y', '# one\nS=1')])
  const now = [file('x', 'A=1\nB=4\nD=1\nE=1'), file('y', '# two\nS=1')]
  const drift = driftOf(found('1', ['/x', '/y']), sealed, { looked: new Set(['x', 'y']), files: now }, noon())
  expect(countsOf(drift)).toEqual({
    sealId: '1',
    at: noon().toISOString(),
    equal: false,
    added: 2,
    removed: 1,
    changed: 1,
    otherwise: 1,
    missing: 0,
    unsealed: 0,
  })
})

describe('by fingerprints', () => {
  const withPrints = (prints: string): FoundSeal => {
    const seal = found('1', ['/a'])
    const record = {
      lifeboat: 1 as const,
      id: '1',
      server: 'shop',
      label: 'prod',
      file: '1.tar.gz.gpg',
      bytes: 1,
      sha256: '0'.repeat(64),
      sealedAt: noon().toISOString(),
      kind: 'passphrase' as const,
      recipients: [],
      from: 'server' as const,
      files: [],
      prints,
    }
    return { ...seal, record }
  }

  test('the same is told as by the values', async () => {
    const { keychain } = memoryKeychain()
    const printer = await printerOf(keychain, true)
    const before = [file('a', 'A=1\nB=2\n')]
    const seal = withPrints(printer?.keep(before) ?? '')
    const now = { looked: new Set(['a']), files: [file('a', 'A=1\nB=3\nC=1\n')] }
    const views = await viewsByPrints(seal, keychain)
    if (views === null) throw new Error('there are fingerprints')
    expect(driftOf(seal, views, now, noon())).toEqual(driftOf(seal, viewsOfFiles(before), now, noon()))
  })

  test('nothing is told under another key, without one, where the keychain is not there, or of damaged ones', async () => {
    const { keychain, held } = memoryKeychain()
    const kept = (await printerOf(keychain, true))?.keep([file('a', 'A=1')]) ?? ''
    const bytes = Buffer.from(kept, 'base64')
    bytes[20] = (bytes[20] ?? 0) ^ 1
    expect(await viewsByPrints(withPrints(bytes.toString('base64')), keychain)).toBeNull()
    expect(await viewsByPrints(withPrints(kept), memoryKeychain('absent').keychain)).toBeNull()
    expect(await viewsByPrints(withPrints(kept), memoryKeychain('basic_text').keychain)).toBeNull()
    expect(await viewsByPrints(withPrints(kept), memoryKeychain().keychain)).toBeNull()
    held.set('vault:prints', Buffer.alloc(32, 7).toString('base64'))
    expect(await viewsByPrints(withPrints(kept), keychain)).toBeNull()
    held.delete('vault:prints')
    expect(await viewsByPrints(withPrints(kept), keychain)).toBeNull()
    // comparing makes no key: only sealing does
    expect(held.size).toBe(0)
  })
})
