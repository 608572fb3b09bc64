import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod, chown, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Care } from '#shared/overview.ts'
import type { Keychain } from '#engine/host/keychain.ts'
import { databaseOf } from '../faults/support/world.ts'
import { filesBelow, memoryKeychain, vaultWorld, type VaultWorld } from '../support/vault.ts'
import { rig } from './machine/rig.ts'

const { ssh, users, keys } = rig()
const canary = 'drift-canary-5f1e'
let server = ''

beforeAll(async () => {
  server = join(users.operator.home, `vault-drift-${process.pid}`)
  await mkdir(server)
  execFileSync('chown', [users.operator.name, server])
})
afterAll(() => rm(server, { recursive: true, force: true }))

/** A file of the operator on the server, which is this very machine. */
async function onServer(name: string, text: string): Promise<string> {
  const path = join(server, name)
  writeFileSync(path, text, { mode: 0o640 })
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, users.operator.name])))
  await chown(path, uid ?? 0, gid ?? 0)
  return path
}

type Scene = VaultWorld & { id: string; backUp(): Promise<{ state: string; log: string }>; drifts(): Promise<Care[]> }

/** One of the rig's databases with these files, sealed with fingerprints. */
async function sealedScene(env: string[], keychain: Keychain, change: { driftCheck?: boolean } = {}): Promise<Scene> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lifeboat-drift-'))
  const world = await vaultWorld({ dataDir, keychain, now: () => new Date() })
  const { engine } = world
  const auth = { kind: 'key' as const, file: keys.ed25519.path }
  const hostKey = ssh.hostKeys[0]?.fingerprint ?? null
  const where = { host: ssh.host, port: ssh.port, user: users.operator.name, auth, hostKey }
  const added = await engine.call('server.add', { name: 'rig', ...where })
  const wanted = { ...databaseOf('test', { env, ...change }), server: added.id }
  const { id } = await engine.call('database.add', wanted)
  await world.result(await engine.call('vault.seal', { databaseId: id }))
  return {
    ...world,
    id,
    async backUp() {
      const { jobId } = await engine.call('backup.start', { databaseId: id })
      const { state } = await world.job(jobId)
      return { state, log: JSON.stringify(await engine.call('job.log', { id: jobId })) }
    },
    async drifts() {
      return (await engine.call('overview.get', {})).care.filter(({ kind }) => kind === 'drift')
    },
  }
}

describe('a backup sees whether the .env files are still what is sealed', () => {
  test('in numbers; it asks nobody, and a new seal ends it', async () => {
    const [a, b] = [await onServer('a.env', 'A=1\nB=2\n'), await onServer('b.env', 'X=1\n')]
    const scene = await sealedScene([a, b], memoryKeychain().keychain)
    await scene.engine.call('vault.lock', {})
    const asked = scene.prompts.length
    expect((await scene.backUp()).state).toBe('done')
    expect(await scene.drifts()).toEqual([])

    await onServer('a.env', `A=1\nB=${canary}\nNEW_KEY=1\nOTHER_KEY=2\n`)
    await rm(b)
    expect((await scene.backUp()).state).toBe('done')
    const [care] = await scene.drifts()
    expect(care).toMatchObject({ added: 2, changed: 1, removed: 0, missing: 1, unsealed: 0, databaseId: scene.id })
    expect(scene.prompts).toHaveLength(asked)
    // neither a value nor the name of a key is kept for it
    for (const file of filesBelow(scene.dataDir))
      expect([file, /NEW_KEY|drift-canary/.test(readFileSync(file, 'latin1'))]).toEqual([file, false])
    expect(JSON.stringify(scene.events)).not.toMatch(/NEW_KEY|drift-canary/)

    await onServer('b.env', 'X=1\n')
    await scene.result(await scene.engine.call('vault.seal', { databaseId: scene.id }))
    expect(await scene.drifts()).toEqual([])
    expect((await scene.backUp()).state).toBe('done')
    expect(await scene.drifts()).toEqual([])
  })

  test('a pull sees it too', async () => {
    const path = await onServer('p.env', 'A=1\n')
    const scene = await sealedScene([path], memoryKeychain().keychain)
    await onServer('p.env', 'A=2\n')
    const { jobId } = await scene.engine.call('pull.start', { databaseId: scene.id, which: { kind: 'newest' } })
    expect((await scene.job(jobId)).state).toBe('done')
    expect(await scene.drifts()).toMatchObject([{ changed: 1 }])
  })

  test('on request the same is told, and put back is no longer told of', async () => {
    const path = await onServer('r.env', 'A=1\n')
    const scene = await sealedScene([path], memoryKeychain().keychain)
    await onServer('r.env', 'A=1\nB=1\n')
    const drift = await scene.result(await scene.engine.call('vault.drift', { databaseId: scene.id }))
    expect(drift).toMatchObject({ kind: 'drift', drift: { equal: false, files: [{ added: ['B'] }] } })
    expect(await scene.drifts()).toMatchObject([{ added: 1 }])
    const [seal] = await scene.engine.call('vault.list', {})
    const put = { id: seal?.id ?? '', databaseId: scene.id, file: 'r.env' }
    await scene.result(await scene.engine.call('vault.put', put))
    expect(await scene.drifts()).toEqual([])
  })

  test.each<[string, (scene: { path: string; held: Map<string, string> }) => Promise<unknown>, RegExp | null]>([
    ['its file may not be read', async ({ path }) => (await chown(path, 0, 0), chmod(path, 0o600)), /may not be read/],
    ['the key of the fingerprints is gone', async ({ held }) => held.delete('vault:prints'), null],
    ['the key is another one', async ({ held }) => held.set('vault:prints', Buffer.alloc(32).toString('base64')), null],
  ])('where %s, the backup goes on and nothing false is said', async (_what, spoil, logged) => {
    const path = await onServer('s.env', 'A=1\n')
    const { keychain, held } = memoryKeychain()
    const scene = await sealedScene([path], keychain)
    await onServer('s.env', 'A=2\n')
    await spoil({ path, held })
    const { state, log } = await scene.backUp()
    expect(state).toBe('done')
    expect(await scene.drifts()).toEqual([])
    if (logged) expect(log).toMatch(logged)
    await rm(path)
  })

  test('a keychain that never answers holds no backup up', async () => {
    const path = await onServer('k.env', 'A=1\n')
    const { keychain } = memoryKeychain()
    let silent = false
    const slow: Keychain = {
      ...keychain,
      get: (reference) => (silent && reference === 'vault:prints' ? new Promise(() => {}) : keychain.get(reference)),
    }
    const scene = await sealedScene([path], slow)
    await onServer('k.env', 'A=2\n')
    silent = true
    const { state, log } = await scene.backUp()
    expect([state, /could not be seen/.test(log)]).toEqual(['done', true])
    expect(await scene.drifts()).toEqual([])
  })

  test('where it was switched off nobody looks', async () => {
    const path = await onServer('o.env', 'A=1\n')
    const scene = await sealedScene([path], memoryKeychain().keychain, { driftCheck: false })
    await onServer('o.env', 'A=2\n')
    expect((await scene.backUp()).state).toBe('done')
    expect(await scene.drifts()).toEqual([])
  })
})
