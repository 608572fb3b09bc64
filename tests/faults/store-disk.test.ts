import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { removeCopy } from '#engine/copies/remove.ts'
import { catalogueIn, noon, scratch, storeCopy } from '../support/copies.ts'
import { campaign } from '../support/faults.ts'
import { smallDisk, whyNoMounts } from '../support/mounts.ts'
import { startAnew } from '../support/store-truth.ts'

const without = whyNoMounts()
if (without !== null) console.warn(`not run: full and read-only disks (${without})`)

const megabyte = 1024

/** Does it and tells of which kind its failure was. */
async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
    return 'stored'
  } catch (error) {
    if (error instanceof LifeboatFailure) return error.kind
    throw error
  }
}

describe.skipIf(without !== null)('a disk that can not take it', () => {
  test('full at fifty sizes', async () => {
    const told = campaign('store: disk full at 50 sizes', { full: 50, sample: 12 })
    const content = Buffer.alloc(2 * megabyte * 1024, '-- dump\n')
    for (let n = 0; n < told.count; n += 1) {
      const disk = join(scratch(), 'disk')
      const [dataDir, copiesDir] = [join(disk, 'data'), join(disk, 'copies')]
      // from not even a catalogue to everything but the last file
      const { grow } = smallDisk(disk, 40 + Math.floor((n * 2900) / told.count))
      const outcome = await outcomeOf(async () => {
        const { catalogue } = openCatalogue(dataDir, { now: noon })
        try {
          await storeCopy({ catalogue, copiesDir, content, stem: 'newer' })
        } finally {
          catalogue.close()
        }
      })
      expect(['disk-full', 'stored']).toContain(outcome)
      told.came(outcome)
      grow(64 * megabyte)
      const { names } = await startAnew(dataDir, copiesDir)
      if (outcome === 'stored') expect(names).toEqual(['newer.sql.gz'])
      const catalogue = catalogueIn(dataDir)
      await storeCopy({ catalogue, copiesDir, content, stem: 'retry' })
      catalogue.close()
      expect((await startAnew(dataDir, copiesDir)).names).toEqual([...names, 'retry.sql.gz'].sort())
      spawnSync('umount', ['-l', disk])
    }
  })

  test('read-only: what is there stays, what is new is refused, and the list still opens', async () => {
    const told = campaign('store: read-only folder', { full: 1, sample: 1 })
    const dir = scratch()
    const [dataDir, copiesDir] = [join(dir, 'data'), join(dir, 'copies')]
    const { readOnly } = smallDisk(copiesDir, 8 * megabyte)
    const catalogue = catalogueIn(dataDir)
    const { id } = await storeCopy({ catalogue, copiesDir, stem: 'older' })
    readOnly()
    expect(await outcomeOf(() => storeCopy({ catalogue, copiesDir, stem: 'newer' }))).toBe('folder-refused')
    expect(await outcomeOf(() => removeCopy({ id, catalogue, copiesDir }))).toBe('folder-refused')
    expect((await startAnew(dataDir, copiesDir)).names).toEqual(['older.sql.gz'])
    expect(readdirSync(join(copiesDir, 'shop', 'prod'))).toHaveLength(3)
    told.came('folder-refused')
  })

  test('a catalogue on a read-only disk is refused with a sentence', async () => {
    const told = campaign('store: read-only catalogue', { full: 1, sample: 1 })
    const dataDir = join(scratch(), 'data')
    const { readOnly } = smallDisk(dataDir, 8 * megabyte)
    catalogueIn(dataDir).close()
    readOnly()
    expect(await outcomeOf(async () => openCatalogue(dataDir, { now: noon }))).toBe('folder-refused')
    expect(readdirSync(dataDir).filter((name) => name.includes('corrupt'))).toEqual([])
    told.came('folder-refused')
  })
})
