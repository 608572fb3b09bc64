import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { scratch } from '../support/copies.ts'
import { campaign } from '../support/faults.ts'
import { smallDisk, whyNoMounts } from '../support/mounts.ts'
import { placesOf, runUntil, whyNoStrace, type Deed, type Place } from '../support/strace.ts'
import { envFiles, vaultWorld } from '../support/vault.ts'

const program = join(import.meta.dirname, '../support/seal-program.ts')
const without = whyNoStrace()
if (without !== null) console.warn(`not run: sealing, killed at each call (${without})`)

const deeds: [Deed, string][] = [
  ['kill', 'killed -9 at each write, fsync and rename'],
  ['EIO', 'the disk refuses one call'],
  ['ENOSPC', 'the disk is full at one call'],
]
const content = 'A=1\n# note\n'

/** Starts anew after whatever happened: every seal that is listed opens whole, and a new one can be made. */
async function startAnew(dataDir: string): Promise<string[]> {
  const world = await vaultWorld({ dataDir })
  const seals = await world.engine.call('vault.list', {})
  for (const { id } of seals) {
    const { contents } = await world.engine.call('vault.show', { id })
    expect(contents.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.env', content.length],
      ['b.env', content.length],
    ])
  }
  const folder = join(dataDir, 'copies', 'shop', 'prod')
  expect(readdirSync(folder).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
  await world.seal(envFiles({ 'a.env': content, 'b.env': content }))
  expect(await world.engine.call('vault.list', {})).toHaveLength(seals.length + 1)
  await world.engine.stop()
  return seals.map(({ file }) => file)
}

describe.skipIf(without !== null)('sealing', () => {
  let template: string
  beforeAll(() => {
    template = join(import.meta.dirname, '../../test-results', `vault-${process.pid}`)
    rmSync(template, { recursive: true, force: true })
    mkdirSync(template, { recursive: true })
    for (const name of ['a.env', 'b.env']) writeFileSync(join(template, name), content)
    expect(spawnSync(process.execPath, args(template), { encoding: 'utf8' }).stdout).toContain('sealed')
    return () => rmSync(template, { recursive: true, force: true })
  })

  function args(root: string): string[] {
    return [program, join(root, 'data'), join(root, 'a.env'), join(root, 'b.env')]
  }
  function fresh(): string {
    const root = scratch()
    cpSync(template, root, { recursive: true, preserveTimestamps: true })
    return root
  }

  async function tryAt(place: Place, deed: Deed): Promise<string> {
    const root = fresh()
    const { stdout, stderr, reached } = await runUntil(args(root), place, deed)
    const seals = await startAnew(join(root, 'data'))
    const [, said] = /^sealed (.+)$/m.exec(stdout) ?? []
    const where = `${deed} at ${place.kind} ${place.nth}: ${stderr}`
    // what was said to be sealed is there, and the older one in any case
    if (said)
      expect(
        seals.map((file) => file.split('/').at(-1)),
        where,
      ).toContain(said)
    expect(seals.length, where).toBeGreaterThan(0)
    rmSync(root, { recursive: true })
    if (!reached) return 'went on without it'
    return seals.length > 1 ? 'seal whole and kept' : 'no seal'
  }

  test.each(deeds)('%s: %s', async (deed, title) => {
    const told = campaign(`vault: ${title}`, { full: Infinity, sample: 2 })
    const all = await placesOf(args(fresh()), 'worker', process.env['TMPDIR'] ?? '/tmp')
    expect(all.length).toBeGreaterThan(5)
    for (const index of told.places(all.length, 2)) {
      const place = all[index]
      if (place) told.came(await tryAt(place, deed))
    }
  })
})

describe.skipIf(without !== null)('opening', () => {
  const opener = join(import.meta.dirname, '../support/open-program.ts')
  const args = (dataDir: string, to: string): string[] => [opener, dataDir, to]

  test.each(deeds)('%s: %s', async (deed, title) => {
    const told = campaign(`vault, opening: ${title}`, { full: Infinity, sample: 2 })
    const world = await vaultWorld()
    const id = await world.seal(envFiles({ 'a.env': content, 'b.env': content }))
    const root = scratch()
    const all = await placesOf(args(world.dataDir, join(root, 'first')), 'worker', root)
    expect(all.length).toBeGreaterThan(5)
    for (const index of told.places(all.length, 2)) {
      const place = all[index]
      if (!place) continue
      const to = join(root, `out-${index}`)
      const { stdout, stderr, reached, killed } = await runUntil(args(world.dataDir, to), place, deed)
      const where = `${deed} at ${place.kind} ${place.nth}: ${stderr}`
      const there = existsSync(to) ? readdirSync(to).filter((name) => !name.startsWith('.lifeboat')) : []
      // a name is given to whole files only, and whatever is there is nobody else's
      for (const name of there) expect(readFileSync(join(to, name), 'utf8'), where).toBe(content)
      if (existsSync(to)) expect(statSync(to).mode & 0o077, where).toBe(0)
      if (stdout.includes('opened')) expect(there, where).toEqual(['a.env', 'b.env'])
      // who is killed gives no name back; who is refused does, but the call may also be one that only carried the word.
      // A thread that is refused its wake-up call aborts: that is a kill too.
      else if (!killed) expect([0, 2], where).toContain(there.length)
      // the next opening there finds its way, and takes along what was left hidden
      for (const name of there) rmSync(join(to, name))
      await world.engine.call('vault.open', { id, to })
      expect(readdirSync(to).sort(), where).toEqual(['a.env', 'b.env'])
      told.came(!reached ? 'went on without it' : `${there.length} of 2 files, whole`)
    }
  })
})

const noMounts = whyNoMounts()
describe.skipIf(noMounts !== null)('a small disk', () => {
  test('full at many sizes: no half seal, and a sentence', async () => {
    const told = campaign('vault: disk full at 40 sizes', { full: 40, sample: 4 })
    const noise = Array.from({ length: 4000 }, (_, n) => `K${n}=${Math.sin(n)}\n`).join('')
    for (let n = 0; n < told.count; n += 1) {
      const dataDir = scratch()
      const world = await vaultWorld({ dataDir })
      const { grow } = smallDisk(join(dataDir, 'copies'), 8 + Math.floor((n * 80) / told.count))
      const outcome = await world.seal(envFiles({ '.env': noise })).then(
        () => 'sealed',
        (error: unknown) => (error instanceof Error && 'kind' in error ? String(error.kind) : 'odd'),
      )
      expect(['sealed', 'disk-full']).toContain(outcome)
      told.came(outcome)
      grow(64 * 1024)
      const seals = await world.engine.call('vault.list', {})
      expect(seals).toHaveLength(outcome === 'sealed' ? 1 : 0)
      for (const { id } of seals) expect((await world.engine.call('vault.show', { id })).names).toEqual(['.env'])
      await world.engine.stop()
      spawnSync('umount', ['-l', join(dataDir, 'copies')])
    }
  })

  test('full at many sizes while a seal is opened: all files or none', async () => {
    const told = campaign('vault: disk full at 40 sizes while a seal is opened', { full: 40, sample: 4 })
    const texts = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}.env`, `A=${'x'.repeat(20_000)}\n`]))
    const world = await vaultWorld()
    const id = await world.seal(envFiles(texts))
    for (let n = 0; n < told.count; n += 1) {
      const disk = join(scratch(), 'disk')
      smallDisk(disk, 4 + Math.floor((n * 240) / told.count))
      const to = join(disk, 'out')
      const outcome = await world.engine.call('vault.open', { id, to }).then(
        () => 'opened',
        (error: unknown) => (error instanceof Error && 'kind' in error ? String(error.kind) : 'odd'),
      )
      expect(['opened', 'disk-full']).toContain(outcome)
      told.came(outcome)
      const there = existsSync(to) ? readdirSync(to).sort() : []
      expect(there).toEqual(outcome === 'opened' ? Object.keys(texts).sort() : [])
      spawnSync('umount', ['-l', disk])
    }
  })
})
