import { readdirSync, readFileSync, statSync } from 'node:fs'
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vaultWorld, type VaultWorld } from '../support/vault.ts'
import { rig } from './machine/rig.ts'

const { ssh, users, keys } = rig()
let dir = ''
let folder = ''
let world: VaultWorld

/** A file that root owns, in a folder that only root may look into. */
async function ofRoot(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  await chown(path, 0, 0)
  await chmod(path, 0o640)
  return path
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lifeboat-sudo-'))
  folder = join('/root', `lifeboat-sudo-${process.pid}`)
  await mkdir(folder, { mode: 0o700 })
  world = await vaultWorld({ dataDir: join(dir, 'data'), now: () => new Date(), endsWith: 'file' })
})
afterAll(async () => {
  await world.engine.stop()
  await rm(dir, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

async function databaseOf(user: string, sudo: boolean, env: string[]): Promise<string> {
  const { host, port } = ssh
  const auth = { kind: 'key' as const, file: keys.ed25519.path }
  const hostKey = ssh.hostKeys[0]?.fingerprint ?? null
  const name = `${user}${sudo ? '-sudo' : ''}`
  const server = await world.engine.call('server.add', { name, host, port, user, auth, hostKey, sudo })
  const place = { kind: 'host' as const }
  const wanted = { server: server.id, label: 'prod', place, dbname: 'd', dbuser: 'u', env }
  return (await world.engine.call('database.add', wanted)).id
}

describe('files that only root may read', () => {
  test('are sealed, compared and brought back through sudo, whatever the shell prints at its start', async () => {
    const path = await ofRoot('.env', 'A=old\n')
    const databaseId = await databaseOf(users.noisy.name, true, [path])
    const sealed = await world.result(await world.engine.call('vault.seal', { databaseId }))
    if (sealed.kind !== 'sealed') throw new Error(sealed.kind)
    const reveal = { id: sealed.sealId, file: '.env', line: 1 }
    expect(await world.engine.call('vault.reveal', reveal)).toEqual({ key: 'A', value: 'old' })
    await ofRoot('.env', 'A=newer\n')
    expect(await world.result(await world.engine.call('vault.drift', { databaseId }))).toMatchObject({
      drift: { equal: false, files: [{ changed: ['A'] }] },
    })
    const put = { id: sealed.sealId, databaseId, file: '.env' }
    await world.result(await world.engine.call('vault.put', put))
    expect(readFileSync(path, 'utf8')).toBe('A=old\n')
    expect([statSync(path).uid, statSync(path).mode & 0o777]).toEqual([0, 0o600])
    expect(readdirSync(folder)).toEqual(['.env'])
  })

  test('stay closed to a profile without sudo, and the failure says so', async () => {
    const path = await ofRoot('closed.env', 'A=1\n')
    const databaseId = await databaseOf(users.noisy.name, false, [path])
    const sealing = await world.engine.call('vault.seal', { databaseId })
    await expect(world.result(sealing)).rejects.toMatchObject({ kind: 'env-unreadable' })
  })

  test('are named as refused where sudo wants a password', async () => {
    const path = await ofRoot('asked.env', 'A=1\n')
    const databaseId = await databaseOf(users.operator.name, true, [path])
    const sealing = await world.engine.call('vault.seal', { databaseId })
    await expect(world.result(sealing)).rejects.toMatchObject({ kind: 'sudo-refused' })
  })
})
