import { describe, expect, test } from 'vitest'
import type { Keychain } from '#engine/host/keychain.ts'
import { envFiles, memoryKeychain, vaultWorld, type VaultWorld } from '../../../support/vault.ts'

const locked = async (): Promise<never> => {
  throw new Error('the collection is locked')
}
/** A keychain that says it is there, and then: */
const broken: [string, Partial<Keychain>][] = [
  ['is locked', { get: locked, set: locked }],
  ['reads and keeps nothing', { set: locked }],
  ['loses what it was given', { set: async () => {} }],
  ['does not even say what it is', { status: locked, get: locked, set: locked }],
]

const seal = async (world: VaultWorld): Promise<string> => world.seal(envFiles({ '.env': 'A=1\n' }))
const driftReady = async (world: VaultWorld) => (await world.engine.call('vault.list', {}))[0]?.driftReady

describe.each(broken)('with a keychain that %s', (_what, change) => {
  const keychainNow = (): Keychain => ({ ...memoryKeychain().keychain, ...change })

  test('sealing and opening ask, and go on; nothing is called kept', async () => {
    const first = await vaultWorld({ keychain: keychainNow(), remember: true })
    const id = await seal(first)
    // fingerprints under a key that nobody kept would never be read again
    expect(await driftReady(first)).toBe(false)
    const world = await vaultWorld({ dataDir: first.dataDir, keychain: keychainNow(), remember: true })
    expect(await world.engine.call('vault.show', { id })).toMatchObject({ names: ['.env'] })
    expect(world.prompts).toHaveLength(1)
    expect(await world.engine.call('vault.state', {})).toMatchObject({ unlocked: true, remembered: false })
  })
})

test('a keychain whose key changed gives nothing back: the operator is asked, and the new key serves new seals', async () => {
  const { keychain, held } = memoryKeychain()
  const first = await vaultWorld({ keychain, remember: true })
  const id = await seal(first)
  // what was kept under the old key can not be read: as the shell tells it
  held.clear()
  const world = await vaultWorld({ dataDir: first.dataDir, keychain, remember: true })
  await world.engine.call('vault.show', { id })
  expect(world.prompts).toHaveLength(1)
  await seal(world)
  expect(held.has('vault:prints')).toBe(true)
  expect(await driftReady(world)).toBe(true)
})
