import { existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { noKeychain } from '#engine/host/keychain.ts'
import type { FoundSeal } from '#engine/vault/list.ts'
import { createVault, type Vault } from '#engine/vault/vault.ts'
import { noon, scratch } from '../../../support/copies.ts'

let began: string
beforeEach(() => {
  const bin = scratch()
  began = join(bin, 'began')
  writeFileSync(join(bin, 'gpg'), `#!/bin/sh\ntouch '${began}'\nexec sleep 60\n`, { mode: 0o755 })
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
})
afterEach(() => void vi.unstubAllEnvs())

function vaultHere(): Vault {
  const vault = createVault({
    keychain: noKeychain,
    ask: async () => ({ kind: 'secret', answers: null, remember: false }),
    now: noon,
    dataDir: scratch(),
    idleMinutes: () => 5,
    copiesDirs: () => [],
    known: () => [],
    namesToday: (names) => names,
    onState: () => {},
  })
  onTestFinished(() => vault.end())
  return vault
}

/** A file of bytes that are no message: what matters is who looks at it, and when. */
function sealOf(kind: FoundSeal['kind']): FoundSeal {
  const file = join(scratch(), 'env_backup_20250615.tar.gz.gpg')
  writeFileSync(file, 'no message')
  const names = { server: 'shop', label: 'prod', names: [], files: [], from: 'unknown' as const, recipients: [] }
  const looks = { look: 'unsure' as const, driftReady: false, record: null }
  return { id: kind, file, kind, bytes: 10, sealedAt: noon().toISOString(), ...names, ...looks }
}

const cancelled = { name: 'AbortError' }

test('a gpg that does not answer holds up no seal with a passphrase, and ends with the lock', async () => {
  const vault = vaultHere()
  const stuck = expect(vault.open(sealOf('keys'))).rejects.toMatchObject(cancelled)
  await vi.waitUntil(() => existsSync(began), { timeout: 10_000 })
  await expect(vault.open(sealOf('passphrase'))).rejects.toMatchObject({ kind: 'answer-needed' })
  await vault.lock()
  await stuck
})

test('whoever cancels waits neither for gpg nor for his turn behind it', async () => {
  const vault = vaultHere()
  const [first, second] = [new AbortController(), new AbortController()]
  const stuck = expect(vault.open(sealOf('keys'), first.signal)).rejects.toMatchObject(cancelled)
  const behind = expect(vault.open(sealOf('keys'), second.signal)).rejects.toMatchObject(cancelled)
  second.abort()
  await behind
  first.abort()
  await stuck
})
