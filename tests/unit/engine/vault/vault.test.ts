import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { seededRandom } from '../../../support/faults.ts'
import { scratch } from '../../../support/copies.ts'
import { envFiles, memoryKeychain, vaultWorld, type VaultWorld } from '../../../support/vault.ts'

const passphrase = 'correct horse'
/** keys are made by gpg, which knows what day it is */
const today = (): Date => new Date()
const prod = 'A=1\r\n# note\r\nexport B="x y" # why\r\n\r\nKEY=\'one\ntwo\'\nA=2\n'

/** Stock gpg with a keyring of its own, which is also what the engine finds. */
function ownGpg(): string {
  const home = scratch()
  chmodSync(home, 0o700)
  vi.stubEnv('GNUPGHOME', home)
  onTestFinished(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'])
    vi.unstubAllEnvs()
  })
  return home
}

function gpg(args: readonly string[], input: Uint8Array | string = '', secret = passphrase): Buffer {
  const loopback = ['--batch', '--yes', '--pinentry-mode', 'loopback', '--passphrase', secret]
  return execFileSync('gpg', [...loopback, ...args], { input: Buffer.from(input), stdio: ['pipe', 'pipe', 'ignore'] })
}

async function sealOf(world: VaultWorld, id: string) {
  const seal = (await world.engine.call('vault.list', {})).find((each) => each.id === id)
  if (!seal) throw new Error('no such seal')
  return seal
}

/** A seal that lies in the folder as somebody made it by hand. */
async function madeByHand(
  world: VaultWorld,
  archive: Uint8Array,
  name = 'env_backup_20250109.tar.gz.gpg',
  how: readonly string[] = ['-c'],
) {
  const folder = join(world.dataDir, 'copies', 'shop', 'prod')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), gpg(how, archive))
  const seal = (await world.engine.call('vault.list', {})).find(({ file }) => basename(file) === name)
  if (!seal) throw new Error('it is not listed')
  return seal
}

describe('a seal', () => {
  test('opens with gpg and tar alone: names, rights, times and bytes stay', async () => {
    ownGpg()
    const world = await vaultWorld()
    const files = envFiles({ '.env.prod': prod, '密钥.env': 'C=3' })
    utimesSync(files[0] ?? '', 1_700_000_000, 1_700_000_000)
    const seal = await sealOf(world, await world.seal(files))
    expect(basename(seal.file)).toBe(`env_backup_20250615.tar.gz.gpg`)
    expect(statSync(seal.file).mode & 0o777).toBe(0o600)
    const out = scratch()
    writeFileSync(join(out, 'a.tar.gz'), gpg(['-d', seal.file]))
    execFileSync('tar', ['xpzf', 'a.tar.gz'], { cwd: out })
    expect(readFileSync(join(out, '.env.prod'), 'utf8')).toBe(prod)
    expect(readFileSync(join(out, '密钥.env'), 'utf8')).toBe('C=3')
    const { mode, mtimeMs } = statSync(join(out, '.env.prod'))
    expect([mode & 0o777, mtimeMs]).toEqual([0o640, 1_700_000_000_000])
  })

  test('opens with the command that READ-ME-FIRST.txt names', async () => {
    const home = ownGpg()
    const world = await vaultWorld()
    const seal = await sealOf(world, await world.seal(envFiles({ '.env.prod': prod })))
    const text = readFileSync(join(world.dataDir, 'copies', 'READ-ME-FIRST.txt'), 'utf8')
    const commands = text.match(/^ {4}umask .*gpg -d FILE.*$/gm) ?? []
    expect(commands).toHaveLength(2)
    // what a person would type when gpg asks
    writeFileSync(join(home, 'gpg.conf'), `batch\npinentry-mode loopback\npassphrase ${passphrase}\n`)
    for (const command of commands) {
      const out = scratch()
      execFileSync('bash', ['-ec', command.replace('FILE', `'${seal.file}'`)], { cwd: out, stdio: 'ignore' })
      expect(readdirSync(out)).toEqual(['.env.prod'])
      expect(readFileSync(join(out, '.env.prod'), 'utf8')).toBe(prod)
    }
  })

  test('of the same day gets the time, and none is overwritten', async () => {
    const world = await vaultWorld()
    const [file = ''] = envFiles({ '.env': 'A=1\n' })
    const ids = [await world.seal([file]), await world.seal([file]), await world.seal([file])]
    const seals = await Promise.all(ids.map((id) => sealOf(world, id)))
    const names = seals.map((seal) => basename(seal.file).replace(/_\d{6}(?=[-.])/, '_TIME'))
    expect(names).toEqual([
      'env_backup_20250615.tar.gz.gpg',
      'env_backup_20250615_TIME.tar.gz.gpg',
      'env_backup_20250615_TIME-2.tar.gz.gpg',
    ])
  })

  test('says in clear which files it holds, and nothing of their keys and values', async () => {
    const world = await vaultWorld()
    const seal = await sealOf(world, await world.seal(envFiles({ '.env.prod': 'DATABASE_PIN=4711\n' })))
    expect(seal).toMatchObject({ names: ['.env.prod'], kind: 'passphrase', look: 'same', driftReady: false })
    const record = readFileSync(seal.file.replace('.tar.gz.gpg', '.seal.json'), 'utf8')
    expect(record).not.toMatch(/DATABASE_PIN|4711/)
    expect(JSON.parse(record)).toMatchObject({
      sha256: createHash('sha256').update(readFileSync(seal.file)).digest('hex'),
      prints: null,
    })
  })

  test('of files with the same name keeps them apart by their folders', async () => {
    const world = await vaultWorld()
    const base = scratch()
    const files = ['a', 'b'].flatMap((dir) => envFiles({ '.env': `FROM=${dir}\n` }, join(base, dir)))
    const seal = await sealOf(world, await world.seal(files))
    expect(seal.files).toEqual([
      { name: 'a__.env', path: files[0] },
      { name: 'b__.env', path: files[1] },
    ])
  })

  test.each<[string, string, string]>([
    ['a file that is missing', '.env.gone', 'env-missing'],
    ['a folder', '.', 'env-missing'],
  ])('is not made of %s, and nothing of the others is kept', async (_what, name, kind) => {
    const world = await vaultWorld()
    const [file = ''] = envFiles({ '.env': 'A=1\n' })
    const missing = join(dirname(file), name)
    await expect(world.seal([file, missing])).rejects.toMatchObject({ kind, message: expect.stringContaining(missing) })
    expect(existsSync(join(world.dataDir, 'copies', 'shop'))).toBe(false)
  })

  test.each([
    ['', /empty/],
    ['two\nlines', /line break/],
    // what a terminal in Latin-1 makes of it
    ['Schl\uFFFDssel', /UTF-8/],
  ])('is not made with the passphrase %j', async (typed, why) => {
    const world = await vaultWorld({ types: [typed] })
    await expect(world.seal(envFiles({ '.env': 'A=1\n' }))).rejects.toMatchObject({
      kind: 'passphrase-refused',
      message: expect.stringMatching(why),
    })
  })
})

describe('opening', () => {
  test('writes what was asked into a folder of the operator alone, as it was', async () => {
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': prod, b: 'B=2\n' }))
    const to = join(scratch(), 'new', 'out')
    expect(await world.engine.call('vault.open', { id, to, files: ['.env'] })).toMatchObject({ folder: to })
    expect(readdirSync(to)).toEqual(['.env'])
    expect(readFileSync(join(to, '.env'), 'utf8')).toBe(prod)
    expect([statSync(to).mode & 0o777, statSync(join(to, '.env')).mode & 0o777]).toEqual([0o700, 0o640])
  })

  test('writes over nothing, and then writes nothing at all', async () => {
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': 'A=1\n', b: 'B=2\n' }))
    const to = join(scratch(), 'out')
    mkdirSync(to, { mode: 0o700 })
    writeFileSync(join(to, 'b'), 'mine')
    await expect(world.engine.call('vault.open', { id, to })).rejects.toMatchObject({ kind: 'name-taken' })
    expect(readdirSync(to)).toEqual(['b'])
    expect(readFileSync(join(to, 'b'), 'utf8')).toBe('mine')
  })

  test('refuses a folder that others may enter, unless it is empty and can be closed', async () => {
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': 'A=1\n' }))
    const to = join(scratch(), 'out')
    mkdirSync(to)
    chmodSync(to, 0o755)
    writeFileSync(join(to, 'other'), '')
    await expect(world.engine.call('vault.open', { id, to })).rejects.toMatchObject({ kind: 'folder-refused' })
    const empty = join(scratch(), 'empty')
    mkdirSync(empty)
    chmodSync(empty, 0o755)
    await world.engine.call('vault.open', { id, to: empty })
    expect(statSync(empty).mode & 0o777).toBe(0o700)
  })

  test('of a link in the place of the folder is refused', async () => {
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': 'A=1\n' }))
    const dir = scratch()
    mkdirSync(join(dir, 'real'), { mode: 0o700 })
    symlinkSync(join(dir, 'real'), join(dir, 'link'))
    const to = join(dir, 'link')
    await expect(world.engine.call('vault.open', { id, to })).rejects.toMatchObject({ kind: 'folder-refused' })
  })

  test('takes what was made by hand with tar and gpg', async () => {
    ownGpg()
    const world = await vaultWorld()
    const [file = ''] = envFiles({ '.env.prod': prod, '.env.test': 'T=1\n' })
    const archive = execFileSync('tar', ['czf', '-', '.env.prod', '.env.test'], { cwd: dirname(file) })
    const seal = await madeByHand(world, archive)
    expect(seal).toMatchObject({ server: 'shop', label: 'prod', kind: 'passphrase', look: 'unsure', names: [] })
    const to = join(scratch(), 'out')
    await world.engine.call('vault.open', { id: seal.id, to })
    expect(readFileSync(join(to, '.env.prod'), 'utf8')).toBe(prod)
  })

  test('takes what was made by hand in armor, with a passphrase and for a key', async () => {
    ownGpg()
    gpg(['--quick-gen-key', 'ann@example.org', 'future-default', 'default', 'never'], '', '')
    const world = await vaultWorld({ now: today })
    const [file = ''] = envFiles({ '.env.prod': prod })
    const archive = execFileSync('tar', ['czf', '-', '.env.prod'], { cwd: dirname(file) })
    const forKey = ['--armor', '--trust-model', 'always', '-e', '-r', 'ann@example.org']
    const keyed = await madeByHand(world, archive, 'keyed.tar.gz.asc', forKey)
    expect([keyed.kind, keyed.recipients.length]).toEqual(['keys', 1])
    expect(await world.engine.call('vault.show', { id: keyed.id })).toMatchObject({ names: ['.env.prod'] })
    const closed = await madeByHand(world, archive, 'closed.tar.gz.asc', ['--armor', '-c'])
    expect(closed.kind).toBe('passphrase')
    expect(await world.engine.call('vault.show', { id: closed.id })).toMatchObject({ names: ['.env.prod'] })
    expect(world.prompts).toHaveLength(1)
  })

  test('asks again for a wrong passphrase, three times, and says that it was wrong', async () => {
    const first = await vaultWorld()
    const id = await first.seal(envFiles({ '.env': 'A=1\n' }))
    const world = await vaultWorld({
      dataDir: first.dataDir,
      types: ['wrong', 'still wrong', 'wrong again', passphrase],
    })
    const failing = world.engine.call('vault.show', { id })
    await expect(failing).rejects.toMatchObject({ kind: 'passphrase-wrong' })
    expect(world.prompts.map((prompt) => prompt.kind === 'secret' && prompt.again)).toEqual([false, true, true])
    expect(await world.engine.call('vault.show', { id })).toMatchObject({ names: ['.env'] })
  })

  test('of a seal with one changed bit writes nothing and says that it is damaged', async () => {
    const world = await vaultWorld()
    const seal = await sealOf(world, await world.seal(envFiles({ '.env': prod })))
    const bytes = readFileSync(seal.file)
    const at = seededRandom(5).below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(seal.file, bytes)
    const to = join(scratch(), 'out')
    await expect(world.engine.call('vault.open', { id: seal.id, to })).rejects.toMatchObject({ kind: 'seal-damaged' })
    expect(existsSync(to)).toBe(false)
  })

  test('of a hostile archive writes nothing', async () => {
    ownGpg()
    const world = await vaultWorld()
    const dir = scratch()
    symlinkSync('/etc/passwd', join(dir, 'a.env'))
    writeFileSync(join(dir, 'b.env'), 'B=1\n')
    const link = await madeByHand(
      world,
      execFileSync('tar', ['czf', '-', 'b.env', 'a.env'], { cwd: dir }),
      'link.tar.gz.gpg',
    )
    const way = ['-P', '-czf', '-', '--transform=s,^,/tmp/lifeboat-evil/,', 'b.env']
    const absolute = await madeByHand(world, execFileSync('tar', way, { cwd: dir }), 'absolute.tar.gz.gpg')
    const bomb = await madeByHand(
      world,
      execFileSync('sh', ['-c', 'head -c 80000000 /dev/zero | gzip -1']),
      'bomb.tgz.gpg',
    )
    for (const { id } of [link, absolute, bomb]) {
      const to = join(scratch(), 'out')
      await expect(world.engine.call('vault.open', { id, to })).rejects.toMatchObject({ kind: 'seal-refused' })
      expect(existsSync(to)).toBe(false)
    }
    expect(existsSync('/tmp/lifeboat-evil')).toBe(false)
  })

  test.each([
    ['a file that is no seal at all', () => Buffer.from('not a seal')],
    ['a seal that was cut to a few bytes', () => gpg(['-c'], 'A=1\n').subarray(0, 40)],
  ])('of %s asks nobody for a passphrase', async (_what, bytes) => {
    ownGpg()
    const world = await vaultWorld()
    const folder = join(world.dataDir, 'copies', 'shop', 'prod')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'env_backup_20250101.tar.gz.gpg'), bytes())
    const [seal] = await world.engine.call('vault.list', {})
    expect(seal?.kind).toBe('unknown')
    const failing = world.engine.call('vault.show', { id: seal?.id ?? '' })
    await expect(failing).rejects.toMatchObject({ kind: 'seal-damaged' })
    expect(world.prompts).toEqual([])
  })
})

describe('what is shown', () => {
  test('of a seal: keys in their order, and no value', async () => {
    const world = await vaultWorld()
    const { contents } = await world.engine.call('vault.show', { id: await world.seal(envFiles({ '.env': prod })) })
    const lines = contents[0]?.lines ?? []
    const seen = lines.map((line) =>
      line.kind === 'entry' ? `${line.key}${line.overridden ? ' (not this one)' : ''}` : line.kind,
    )
    expect(seen.join(', ')).toBe('A (not this one), comment, B, blank, KEY, A')
  })

  test('of one line, when it is asked for', async () => {
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': prod }))
    const reveal = (line: number) => world.engine.call('vault.reveal', { id, file: '.env', line })
    expect(await reveal(3)).toEqual({ key: 'B', value: 'x y' })
    expect(await reveal(5)).toEqual({ key: 'KEY', value: 'one\ntwo' })
    expect(await reveal(2)).toEqual({ key: null, value: '# note' })
    await expect(reveal(99)).rejects.toMatchObject({ kind: 'not-found' })
  })

  test('of two seals: keys that differ', async () => {
    const world = await vaultWorld()
    const left = await world.seal(envFiles({ '.env': 'A=1\nB=2\nC=3\n', old: 'X=1\n', same: '# one\nS=1\n' }))
    const right = await world.seal(envFiles({ '.env': 'A=1\nB=20\nD=4\n', same: '# two\nS=1\n' }))
    expect((await world.engine.call('vault.diff', { left, right })).files).toEqual([
      { name: '.env', in: 'both', added: ['D'], removed: ['C'], changed: ['B'], same: 1, otherwise: false },
      { name: 'old', in: 'left', added: [], removed: ['X'], changed: [], same: 0, otherwise: false },
      { name: 'same', in: 'both', added: [], removed: [], changed: [], same: 1, otherwise: true },
    ])
    expect(await world.engine.call('vault.diff', { left, right: left })).toMatchObject({ equal: true })
  })
})

test('a seal that a clock has dated into the future is not the newest, nor an old one that was copied here just now', async () => {
  ownGpg()
  const clock = { now: new Date('2031-01-01T12:00:00Z') }
  const world = await vaultWorld({ now: () => clock.now })
  const ahead = await world.seal(envFiles({ '.env': 'A=1\n' }))
  clock.now = new Date()
  const made = await world.seal(envFiles({ '.env': 'A=2\n' }))
  await madeByHand(world, Buffer.from('x'))
  const seals = await world.engine.call('vault.list', {})
  const names = seals.map(({ id, file }) => (id === made ? 'made' : id === ahead ? 'ahead' : basename(file)))
  expect(names).toEqual(['made', 'env_backup_20250109.tar.gz.gpg', 'ahead'])
  expect(seals[1]?.sealedAt).toBe('2025-01-09T00:00:00.000Z')
})

test('a comparison takes the newest seal of when its turn comes, also one that is still being made when it is asked for', async () => {
  const { engine, databaseId, result } = await vaultWorld()
  const how = { databaseId, files: envFiles({ '.env': 'A=1\n' }), local: true, with: { kind: 'passphrase' as const } }
  const sealing = await engine.call('vault.seal', how)
  const comparing = await engine.call('vault.drift', { databaseId })
  // there is no server behind that port: it got as far as that
  await expect(result(comparing)).rejects.toMatchObject({ kind: 'unreachable' })
  await result(sealing)
})

describe('locked and unlocked', () => {
  test('what unlocks is a seal with a passphrase, also where a newer one is for keys', async () => {
    ownGpg()
    gpg(['--quick-gen-key', 'ann@example.org', 'future-default', 'default', 'never'], '', '')
    const first = await vaultWorld({ now: today })
    const id = await first.seal(envFiles({ '.env': 'A=1\n' }), { kind: 'passphrase' })
    await first.seal(envFiles({ '.env': 'A=1\n' }), { kind: 'keys', recipients: ['ann@example.org'] })
    const world = await vaultWorld({ dataDir: first.dataDir, now: today })
    expect(await world.engine.call('vault.unlock', {})).toMatchObject({ unlocked: true })
    await world.engine.call('vault.show', { id })
    expect(world.prompts).toHaveLength(1)
  })

  test('a passphrase is asked for once, and again after the vault was locked', async () => {
    const first = await vaultWorld()
    const id = await first.seal(envFiles({ '.env': 'A=1\n' }))
    const world = await vaultWorld({ dataDir: first.dataDir })
    expect(await world.engine.call('vault.state', {})).toMatchObject({ unlocked: false, remembered: false })
    expect(await world.engine.call('vault.unlock', {})).toMatchObject({ unlocked: true })
    await world.engine.call('vault.show', { id })
    expect(world.prompts).toHaveLength(1)
    expect(await world.engine.call('vault.lock', {})).toMatchObject({ unlocked: false, locksAt: null })
    await world.engine.call('vault.show', { id })
    expect(world.prompts).toHaveLength(2)
  })

  test('a passphrase is kept in the keychain when that was asked for and it is real', async () => {
    const { keychain, held } = memoryKeychain()
    const first = await vaultWorld({ keychain, remember: true })
    const id = await first.seal(envFiles({ '.env': 'A=1\n' }))
    expect(held.get('vault:passphrase')).toBe(passphrase)
    expect(await first.engine.call('keychain.list', {})).toEqual([
      { reference: 'vault:passphrase', subject: 'vault' },
      { reference: 'vault:prints', subject: 'vault (fingerprints)' },
    ])
    const world = await vaultWorld({ dataDir: first.dataDir, keychain })
    await world.engine.call('vault.show', { id })
    expect(world.prompts).toEqual([])
    // another passphrase there, as after a change by another computer: the operator is asked
    held.set('vault:passphrase', 'another')
    await world.engine.call('vault.lock', {})
    await world.engine.call('vault.show', { id })
    expect(world.prompts).toHaveLength(1)
  })

  test.each(['absent', 'basic_text'] as const)('nothing is kept where the keychain is %s', async (status) => {
    const { keychain, held } = memoryKeychain(status)
    const world = await vaultWorld({ keychain, remember: true })
    const seal = await sealOf(world, await world.seal(envFiles({ '.env': 'A=1\n' })))
    expect([held.size, seal.driftReady]).toEqual([0, false])
  })
})

test('as before is with the passphrase of the newest seal, not with what opened some old one last, and else it is asked for', async () => {
  const first = await vaultWorld({ types: ['of old', 'of today'] })
  const old = await first.seal(envFiles({ '.env': 'A=1\n' }))
  await first.seal(envFiles({ '.env': 'A=2\n' }), { kind: 'passphrase' })
  const { keychain, held } = memoryKeychain()
  held.set('vault:passphrase', 'of today')
  const world = await vaultWorld({ dataDir: first.dataDir, keychain, types: ['of old'] })
  await world.engine.call('vault.show', { id: old })
  const made = await world.seal(envFiles({ '.env': 'A=3\n' }))
  await world.engine.call('vault.lock', {})
  expect(await world.engine.call('vault.show', { id: made })).toMatchObject({ names: ['.env'] })
  expect(world.prompts).toHaveLength(1)

  await world.engine.call('vault.lock', {})
  held.set('vault:passphrase', 'of old')
  await world.seal(envFiles({ '.env': 'A=4\n' }))
  expect(world.prompts.map((prompt) => prompt.kind === 'secret' && prompt.what)).toEqual([
    'vault-passphrase',
    'new-vault-passphrase',
  ])
})

describe('fingerprints', () => {
  test('are kept only under a key of the keychain, and tell neither keys nor which values are the same', async () => {
    const { keychain, held } = memoryKeychain()
    const world = await vaultWorld({ keychain })
    const text = 'PIN=4711\nPIN_AGAIN=4711\n'
    const seal = await sealOf(world, await world.seal(envFiles({ '.env': text })))
    expect([seal.driftReady, held.has('vault:prints')]).toEqual([true, true])
    const record: { prints: string } = JSON.parse(readFileSync(seal.file.replace('.tar.gz.gpg', '.seal.json'), 'utf8'))
    expect(Buffer.from(record.prints, 'base64').toString('latin1')).not.toMatch(/PIN|4711|whole/)
  })
})

describe('for public keys', () => {
  test('sealing asks nobody; every one of several can open it, through the operator’s gpg', async () => {
    ownGpg()
    for (const user of ['ann@example.org', 'bob@example.org'])
      gpg(['--quick-gen-key', user, 'future-default', 'default', 'never'], '', '')
    const bob = join(scratch(), 'bob.asc')
    writeFileSync(bob, gpg(['--armor', '--export', 'bob@example.org']))
    const world = await vaultWorld({ types: [null], now: today })
    const known = await world.engine.call('vault.recipients', {})
    expect(known.map(({ user, from, problem }) => [user, from, problem])).toEqual([
      ['ann@example.org', 'gpg', null],
      ['bob@example.org', 'gpg', null],
    ])
    const id = await world.seal(envFiles({ '.env': prod }), { kind: 'keys', recipients: ['ann@example.org', bob] })
    const seal = await sealOf(world, id)
    expect([seal.kind, seal.recipients.length]).toEqual(['keys', 2])
    expect(gpg(['-d', seal.file], '', '').length).toBeGreaterThan(0)

    // another engine knows no session key and goes through gpg
    const other = await vaultWorld({ dataDir: world.dataDir, types: [null], now: today })
    expect(await other.engine.call('vault.reveal', { id, file: '.env', line: 3 })).toEqual({ key: 'B', value: 'x y' })
    // and the next one is sealed for the same
    const next = await sealOf(other, await other.seal(envFiles({ '.env': 'A=2\n' })))
    expect(next.recipients).toEqual(seal.recipients)
    expect(other.prompts).toEqual([])
  })

  test('without gpg it says what is missing, and nothing is asked', async () => {
    const home = ownGpg()
    gpg(['--quick-gen-key', 'ann@example.org', 'future-default', 'default', 'never'], '', '')
    const key = join(home, 'ann.pgp')
    writeFileSync(key, gpg(['--export']))
    const first = await vaultWorld({ now: today })
    const id = await first.seal(envFiles({ '.env': 'A=1\n' }), { kind: 'keys', recipients: [key] })
    vi.stubEnv('PATH', '/nowhere')
    const world = await vaultWorld({ dataDir: first.dataDir, now: today })
    await expect(world.engine.call('vault.show', { id })).rejects.toMatchObject({ kind: 'seal-key' })
    expect(await world.engine.call('vault.state', {})).toMatchObject({ gpg: null })
    expect(await world.engine.call('vault.recipients', {})).toMatchObject([
      { user: 'ann@example.org', from: 'imported' },
    ])
  })

  test('an address is never a file of that name in the folder where this runs', async () => {
    ownGpg()
    gpg(['--quick-gen-key', 'mallory@example.org', 'future-default', 'default', 'never'], '', '')
    const dir = scratch()
    writeFileSync(join(dir, 'ops@example.org'), gpg(['--export', 'mallory@example.org']))
    const before = process.cwd()
    process.chdir(dir)
    onTestFinished(() => process.chdir(before))
    const world = await vaultWorld({ now: today })
    const sealing = world.seal(envFiles({ '.env': 'A=1\n' }), { kind: 'keys', recipients: ['ops@example.org'] })
    await expect(sealing).rejects.toMatchObject({ kind: 'seal-key' })
  })

  test('one key of which only a stump was kept hides none of the others', async () => {
    const home = ownGpg()
    gpg(['--quick-gen-key', 'ann@example.org', 'future-default', 'default', 'never'], '', '')
    const key = join(home, 'ann.pgp')
    writeFileSync(key, gpg(['--export']))
    vi.stubEnv('PATH', '/nowhere')
    const world = await vaultWorld({ now: today })
    await world.engine.call('vault.importRecipient', { file: key })
    writeFileSync(join(world.dataDir, 'recipients', `${'A'.repeat(40)}.pgp`), readFileSync(key).subarray(0, 30))
    expect(await world.engine.call('vault.recipients', {})).toMatchObject([{ user: 'ann@example.org' }])
  })

  test('for a key that is not known nothing is sealed', async () => {
    ownGpg()
    const world = await vaultWorld()
    const sealing = world.seal(envFiles({ '.env': 'A=1\n' }), { kind: 'keys', recipients: ['nobody@example.org'] })
    await expect(sealing).rejects.toMatchObject({ kind: 'seal-key' })
  })
})

describe('exported in clear', () => {
  test.each(['bitwarden', '1password'] as const)(
    'for %s: every key with its value, for the operator alone',
    async (format) => {
      const world = await vaultWorld()
      const id = await world.seal(envFiles({ '.env': 'A="x, y"\nB=2\n' }))
      const { file } = await world.engine.call('vault.export', { id, format, to: scratch() })
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const text = readFileSync(file, 'utf8')
      if (format === '1password') expect(text.split('\n')[1]).toContain(',A,"x, y",')
      else
        expect(JSON.parse(text)).toMatchObject({
          items: [{ type: 2, fields: [{ name: 'A', value: 'x, y' }, { name: 'B' }] }],
        })
    },
  )
})

test('the recovery sheet names the place, the way and the keys, and no secret', async () => {
  const world = await vaultWorld()
  const folder = dirname((await sealOf(world, await world.seal(envFiles({ '.env': 'A=4711\n' })))).file)
  const other = join(world.dataDir, 'copies', 'Web1~2pcm4waoyt', 'of old')
  mkdirSync(other, { recursive: true })
  writeFileSync(join(other, 'by-hand.tgz.asc'), 'x')
  const { text } = await world.engine.call('vault.recoverySheet', { language: 'en' })
  expect(text).toContain(join(folder, '*.tar.gz.gpg'))
  expect(text).toContain(join(other, '*.tgz.asc'))
  expect(text).toContain('gpg -d')
  expect(text).not.toMatch(/correct horse|4711/)
})
