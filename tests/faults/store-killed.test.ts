import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { scratch, storeCopy } from '../support/copies.ts'
import { campaign } from '../support/faults.ts'
import { startAnew } from '../support/store-truth.ts'
import { noHardLinks, placesOf, runUntil, whyNoStrace, type Deed, type Place, type Thread } from '../support/strace.ts'

const program = join(import.meta.dirname, '../support/commit-program.ts')
const without = whyNoStrace()
if (without !== null) console.warn(`not run: the store, killed at each call (${without})`)

const threads: Thread[] = ['main', 'worker']
const deeds: [Deed, string][] = [
  ['kill', 'killed -9 at each write, fsync and rename'],
  ['EIO', 'the disk refuses one call'],
  ['ENOSPC', 'the disk is full at one call'],
]

describe.skipIf(without !== null)('storing a copy', () => {
  let template: string
  beforeAll(() => {
    template = join(import.meta.dirname, '../../test-results', `store-${process.pid}`)
    rmSync(template, { recursive: true, force: true })
    mkdirSync(template, { recursive: true })
    expect(commit(template, 'older').stdout).toContain('committed')
    return () => rmSync(template, { recursive: true, force: true })
  })

  function commit(root: string, stem: string) {
    return spawnSync(process.execPath, [program, join(root, 'data'), join(root, 'copies'), stem], { encoding: 'utf8' })
  }
  function args(root: string): string[] {
    return [program, join(root, 'data'), join(root, 'copies'), 'newer']
  }
  function fresh(): string {
    const root = scratch()
    cpSync(template, root, { recursive: true, preserveTimestamps: true })
    return root
  }

  async function storeAgain(root: string): Promise<void> {
    const { catalogue } = openCatalogue(join(root, 'data'), { now: () => new Date() })
    try {
      await storeCopy({ catalogue, copiesDir: join(root, 'copies'), stem: 'retry' })
    } finally {
      catalogue.close()
    }
  }

  async function tryAt(place: Place, deed: Deed, always: readonly string[] = []): Promise<string> {
    const root = fresh()
    const { stdout, stderr, reached } = await runUntil(args(root), place, deed, always)
    const where = `${deed} at ${place.kind} ${place.nth} of ${place.thread}: ${stderr}`
    const { names, rebuilt, jobStates } = await startAnew(join(root, 'data'), join(root, 'copies'))
    expect(rebuilt, where).toBeNull()
    expect(names, where).toContain('older.sql')
    // what was said to be safe is safe
    if (stdout.includes('committed')) expect(names, where).toContain('newer.sql')
    for (const state of jobStates) expect(['done', 'interrupted'], where).toContain(state)
    // and a retry works
    await storeAgain(root)
    const after = await startAnew(join(root, 'data'), join(root, 'copies'))
    expect(after.names, where).toEqual([...names, 'retry.sql.gz'].sort())
    rmSync(root, { recursive: true })
    if (!reached) return 'went on without it'
    return names.includes('newer.sql') ? 'copy whole and kept' : 'no copy'
  }

  for (const [deed, title] of deeds) {
    test.each(threads)(`${title}, %s thread`, async (thread) => {
      const told = campaign(`store: ${title}, ${thread} thread`, { full: Infinity, sample: 4 })
      const all = await placesOf(args(fresh()), thread, process.env['TMPDIR'] ?? '/tmp')
      expect(all.length).toBeGreaterThan(10)
      for (const index of told.places(all.length, 4)) {
        const place = all[index]
        if (place) told.came(await tryAt(place, deed))
      }
    })
  }

  test('killed at each call where the file system knows no hard links', async () => {
    const told = campaign('store: killed -9 without hard links', { full: Infinity, sample: 4 })
    const all = await placesOf(args(fresh()), 'worker', process.env['TMPDIR'] ?? '/tmp', noHardLinks)
    const places = all.filter(({ kind }) => kind !== 'link')
    expect(places.filter(({ kind }) => kind === 'rename').length).toBeGreaterThan(2)
    for (const index of told.places(places.length, 4)) {
      const place = places[index]
      if (place) told.came(await tryAt(place, 'kill', noHardLinks))
    }
  })

  test('killed at each call of the very first start', async () => {
    const told = campaign('store: killed -9 in the first start', { full: Infinity, sample: 4 })
    const all = await placesOf(args(scratch()), 'main', process.env['TMPDIR'] ?? '/tmp')
    for (const index of told.places(all.length, 4)) {
      const place = all[index]
      if (!place) continue
      const root = scratch()
      const { stdout } = await runUntil(args(root), place, 'kill')
      const { names } = await startAnew(join(root, 'data'), join(root, 'copies'))
      if (stdout.includes('committed')) expect(names).toEqual(['newer.sql'])
      await storeAgain(root)
      told.came(names.length > 0 ? 'copy whole and kept' : 'no copy')
    }
  })
})
