import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateKey } from 'openpgp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fromFailure } from '#shared/failure.ts'
import { toolsWith, typeWord } from '../../support/cli-tools.ts'
import { scratch } from '../../support/copies.ts'
import { envFiles, vaultWorld, type VaultWorld } from '../../support/vault.ts'

/** Types a word of the vault into a running engine. */
const typeAt = ({ engine, job }: VaultWorld, line: string, cwd = '/') => {
  const follow = async (id: string) => {
    const over = await job(id)
    if (over.failure) throw fromFailure(over.failure)
    return over
  }
  return typeWord(line, { ...toolsWith({}, follow), call: engine.call, cwd })
}

test('two seals are compared key by key, and no value is told', async () => {
  const world = await vaultWorld()
  const before = await world.seal(envFiles({ '.env': 'A=canary-1\nB=canary-2\nC=3\n', 'old.env': 'X=1\n' }))
  const after = await world.seal(envFiles({ '.env': 'A=canary-1\nB=canary-3\nD=4\n', 'new.env': 'Y=1\n' }))
  const { lines, json, exit } = await typeAt(world, `vault diff ${before} ${after}`)
  expect([exit, lines]).toEqual([
    0,
    [
      '.env',
      '  + D',
      '  - C',
      '  ~ B',
      'new.env (only in the second)',
      '  + Y',
      'old.env (only in the first)',
      '  - X',
    ],
  ])
  expect(json).toMatchObject({ ok: true, equal: false })
  expect(JSON.stringify([lines, json])).not.toContain('canary')
  expect(await typeAt(world, `vault diff ${before} ${before}`)).toMatchObject({
    exit: 0,
    json: { ok: true, equal: true },
    lines: ['No difference.'],
  })
})

test('a seal for a key that a file holds asks nobody, and the next one is made for the same key', async () => {
  const home = scratch()
  chmodSync(home, 0o700)
  vi.stubEnv('GNUPGHOME', home)
  onTestFinished(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
    vi.unstubAllEnvs()
  })
  const { publicKey } = await generateKey({ userIDs: [{ email: 'ann@example.org' }], format: 'armored' })
  const folder = scratch()
  writeFileSync(join(folder, 'ann.asc'), publicKey)
  writeFileSync(join(folder, '.env'), 'A=1\n')
  const world = await vaultWorld({ now: () => new Date() })
  const sealing = 'vault seal shop/prod .env --local'
  const first = await typeAt(world, `${sealing} --recipient ann.asc`, folder)
  expect(first).toMatchObject({
    exit: 0,
    json: { seal: { kind: 'keys', names: ['.env'], recipients: [expect.any(String)] } },
  })
  const { recipients } = (await world.engine.call('vault.list', {}))[0] ?? {}
  const [key] = await world.engine.call('vault.recipients', {})
  for (const more of ['', ` --recipient ${key?.keyId.toLowerCase()}`, ' --recipient ann@example.org'])
    expect(await typeAt(world, sealing + more, folder)).toMatchObject({
      json: { seal: { kind: 'keys', recipients } },
    })
  expect(world.prompts).toEqual([])
  await expect(typeAt(world, `${sealing} --recipient bob.asc`, folder)).rejects.toMatchObject({ kind: 'seal-key' })
})
