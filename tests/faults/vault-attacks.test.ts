import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { createGzip, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratch } from '../support/copies.ts'
import { campaign, type Random } from '../support/faults.ts'
import { envFiles, vaultWorld, type VaultWorld } from '../support/vault.ts'

const passphrase = 'correct horse'
const text = `A=1\n# note\n${Array.from({ length: 200 }, (_, n) => `KEY_${n}=value ${n}`).join('\n')}\n`
let home = ''

beforeAll(() => {
  home = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim()
})
afterAll(() => {
  execFileSync('gpgconf', ['--homedir', home, '--kill', 'all'])
  execFileSync('rm', ['-rf', home])
})

/** Sealed as by hand; its passphrase is derived fast, because it is derived often. */
function byHand(content: Uint8Array, ...options: string[]): Buffer {
  const secret = ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', passphrase]
  const args = [...secret, '--s2k-count', '1024', ...options, '-c']
  return execFileSync('gpg', args, { input: content, maxBuffer: 1e9, stdio: ['pipe', 'pipe', 'ignore'] })
}

/** Puts a seal into its folder as somebody else would, and gives its id. */
async function placed({ engine, dataDir }: VaultWorld, bytes: Uint8Array, name = 'x.tar.gz.gpg'): Promise<string> {
  const folder = join(dataDir, 'copies', 'shop', 'prod')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), bytes)
  const seal = (await engine.call('vault.list', {})).find(({ file }) => basename(file) === name)
  if (!seal) throw new Error(`${name} is not listed`)
  return seal.id
}

/** What opening came to; nothing was written unless it opened. */
async function openingOf({ engine }: VaultWorld, id: string): Promise<{ outcome: string; to: string }> {
  const to = join(scratch(), 'out')
  const outcome = await engine.call('vault.open', { id, to }).then(
    () => 'opened',
    (error: unknown) => (error instanceof Error && 'kind' in error ? String(error.kind) : String(error)),
  )
  if (outcome !== 'opened') expect(existsSync(to)).toBe(false)
  return { outcome, to }
}

function harmed(whole: Buffer, random: Random, cut: boolean): Buffer {
  const at = random.below(whole.length)
  const bytes = Buffer.from(cut ? whole.subarray(0, at) : whole)
  if (!cut) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
  return bytes
}

describe('a flip or a cut of a seal writes nothing that was not sealed', () => {
  test('of one that Lifeboat made', async () => {
    const { random, count, came } = campaign('vault: flips and cuts of a seal', { full: 200, sample: 10 })
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ '.env': text }))
    const file = (await world.engine.call('vault.list', {}))[0]?.file ?? ''
    const whole = readFileSync(file)
    for (let n = 0; n < count; n += 1) {
      writeFileSync(file, harmed(whole, random, n % 4 === 0))
      const { outcome } = await openingOf(world, id)
      expect(outcome).toBe('seal-damaged')
      came(outcome)
    }
    writeFileSync(file, whole)
    expect((await openingOf(world, id)).outcome).toBe('opened')
  })

  test('of one that was made by hand', async () => {
    const { random, count, came } = campaign('vault: flips and cuts of a seal made by hand', { full: 200, sample: 20 })
    const world = await vaultWorld()
    const [path = ''] = envFiles({ '.env': text })
    const whole = byHand(execFileSync('tar', ['czf', '-', '.env'], { cwd: join(path, '..') }))
    for (let n = 0; n < count; n += 1) {
      const id = await placed(world, harmed(whole, random, n % 4 === 0), `x${n}.tar.gz.gpg`)
      const { outcome, to } = await openingOf(world, id)
      if (outcome === 'opened') expect(readFileSync(join(to, '.env'), 'utf8')).toBe(text)
      else expect(['seal-damaged', 'passphrase-wrong', 'seal-refused']).toContain(outcome)
      came(outcome === 'opened' ? 'opened, content equal' : outcome)
    }
  })
})

/** One header of tar for an empty file. */
function header(name: string): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 100)
  block.write('0000600\0', 100)
  block.write('00000000000\0', 124)
  block.write('00000000000\0', 136)
  block.write('0', 156)
  block.write('ustar\x0000', 257, 'latin1')
  block.fill(0x20, 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** So many entries, each with a name of its own, compressed. */
async function manyEntries(count: number): Promise<Buffer> {
  const blocks = function* (): Generator<Buffer> {
    for (let at = 0; at < count; at += 4000)
      yield Buffer.concat(Array.from({ length: Math.min(4000, count - at) }, (_, n) => header(`f${at + n}`)))
    yield Buffer.alloc(1024)
  }
  return buffer(Readable.from(blocks()).pipe(createGzip({ level: 1 })))
}

const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024)

describe('an archive that is an attack is refused whole, and is not called damaged', () => {
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['a million entries', async () => byHand(await manyEntries(1_000_000), '-z', '0')],
    ['one entry more than a vault has', async () => byHand(await manyEntries(1001), '-z', '0')],
    ['300 MB of zeros in gzip', () => byHand(gzipSync(zeros(300)), '-z', '0')],
    ["300 MB of zeros in OpenPGP's own ZIP", () => byHand(zeros(300), '--compress-algo', 'zip')],
    ["300 MB of zeros in OpenPGP's own ZLIB", () => byHand(zeros(300), '--compress-algo', 'zlib')],
    ["300 MB of zeros in OpenPGP's own BZIP2", () => byHand(zeros(300), '--compress-algo', 'bzip2')],
    ['gzip in ZLIB', () => byHand(gzipSync(zeros(300), { level: 0 }), '--compress-algo', 'zlib')],
  ])('%s', async (what, make) => {
    const { came } = campaign(`vault: ${what}`, { full: 1, sample: 1 })
    const world = await vaultWorld()
    const { outcome } = await openingOf(world, await placed(world, await make()))
    expect(outcome).toBe('seal-refused')
    came(outcome)
  })

  test('an archive inside of OpenPGP compression of any kind opens', async () => {
    const world = await vaultWorld()
    const [path = ''] = envFiles({ '.env': text })
    const archive = execFileSync('tar', ['czf', '-', '.env'], { cwd: join(path, '..') })
    for (const algorithm of ['none', 'zip', 'zlib', 'bzip2']) {
      const sealed = byHand(archive, '--compress-algo', algorithm)
      const { outcome } = await openingOf(world, await placed(world, sealed, `${algorithm}.tar.gz.gpg`))
      expect([algorithm, outcome]).toEqual([algorithm, 'opened'])
    }
  })
})
