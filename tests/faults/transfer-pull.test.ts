import { appendFileSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import { campaign, type Campaign } from '../support/faults.ts'
import {
  backupsFolder,
  changeUnseen,
  madeDump,
  type Backup,
  type BackupsFolder,
  type Made,
} from './support/backups-folder.ts'
import { expectNothingBroken, type Expectation } from './support/expect.ts'
import { outcomeOf, slowLine, stillLine } from './support/scene.ts'
import { readersOf } from './support/server-side.ts'
import { databaseOf, startWorld, type World } from './support/world.ts'

type Cron = { world: World; database: string; folder: BackupsFolder; older: CopyRow[]; first: Backup; bytes: number }

/** A server with one backup of the past, which is here as a copy already. */
async function cronServer(): Promise<Cron> {
  const world = await startWorld()
  const folder = backupsFolder()
  const first = folder.add('backup_test_20250101_030000.sql.gz')
  const database = await world.addDatabase(databaseOf('test', { backups: folder.path }))
  const job = await (await world.pull(database)).ended
  expect(job.state, JSON.stringify(job.failure)).toBe('done')
  return { world, database, folder, older: await world.copies(), first, bytes: world.proxy.passed.fromServer }
}

const name = 'backup_test_20250301_030000.sql.gz'
const plainName = 'backup_test_20250301_030000.sql'
const bigName = 'backup_test_20250302_030000.sql'
/** More than all windows on the way can hold, so that the last byte is still on the server when the first has come. */
const bigDump = (): Made => madeDump(1300, 10_000)

type Wanted = Pick<Expectation, 'states' | 'kinds'> & Partial<Expectation>
const broken = ({ world, older, database }: Cron, job: Job, backup: Backup, wanted: Wanted): Promise<void> => {
  world.proxy.faults = {}
  const retry = () => world.pull(database, [backup.name])
  return expectNothingBroken({ world, job, older, truth: backup.truth, retry, ...wanted })
}
const ended = async ({ world, database }: Cron, backup: Backup): Promise<Job> =>
  (await world.pull(database, [backup.name])).ended

/** Pulls over a slow line, and does something to the server's file once its first bytes have come. */
async function meanwhile(cron: Cron, backup: Backup, change: () => void): Promise<Job> {
  cron.world.proxy.faults = slowLine
  const job = await cron.world.pull(cron.database, [backup.name])
  await job.reached(({ bytesDone }) => bytesDone > 0)
  cron.world.proxy.faults = stillLine
  // a hash of both, the old beginning and the new end, would be that of the mixture that arrives
  await vi.waitFor(() => expect(readersOf(backup.path)).toEqual([]), { timeout: 60_000, interval: 20 })
  change()
  cron.world.proxy.faults = {}
  return job.ended
}

describe('a pull over a bad line', () => {
  test.each(['reset', 'end'] as const)('that ends by %s at any byte', { timeout: 3_600_000 }, async (cutBy) => {
    const cuts = campaign(`pull, connection ends by ${cutBy}`, { full: 200, sample: 4 })
    const cron = await cronServer()
    const { proxy } = cron.world
    const backup = cron.folder.add(name)
    for (const cutAfter of cuts.places(cron.bytes, cuts.count)) {
      proxy.faults = { cutAfter, cutBy, onCut: () => (proxy.faults = {}) }
      const job = await ended(cron, backup)
      await broken(cron, job, backup, {
        states: ['failed', 'done'],
        kinds: ['connection-lost', 'unreachable', 'ssh-protocol'],
        mayResume: true,
      })
      cuts.came(outcomeOf(job))
    }
  })

  test('goes on where it broke off, and brings the rest only', async () => {
    const resumes = campaign('pull, resumed after a reset', { full: 20, sample: 1 })
    const cron = await cronServer()
    const { proxy } = cron.world
    const backup = cron.folder.add(bigName, bigDump())
    const size = backup.content.length
    for (let i = 0; i < resumes.count; i++) {
      // as slow as a real line, so that what has come is also written by then
      proxy.faults = { ...slowLine, cutAfter: Math.floor(size * 0.8), onCut: () => (proxy.faults = {}) }
      const job = await ended(cron, backup)
      const before = proxy.passed.fromServer
      const retry = async () => {
        const again = await cron.world.pull(cron.database, [backup.name])
        await again.ended
        // what had been read ahead of its turn is asked for again
        expect(proxy.passed.fromServer - before).toBeLessThan(size * 0.5)
        return again
      }
      await broken(cron, job, backup, { states: ['failed'], kinds: ['connection-lost'], mayResume: true, retry })
      resumes.came('went on')
    }
  })

  test('begins anew when the server has another file under the same size and time', async () => {
    const anew = campaign('pull, prefix changed before a resume', { full: 20, sample: 2 })
    const cron = await cronServer()
    const { proxy } = cron.world
    for (let i = 0; i < anew.count; i++) {
      // without compression both have the same length
      const other = cron.folder.add(plainName)
      const backup = cron.folder.add(plainName)
      proxy.faults = { cutAfter: Math.floor(backup.content.length * 0.9), onCut: () => (proxy.faults = {}) }
      const job = await ended(cron, backup)
      cron.folder.put(plainName, other.content)
      await broken(cron, job, other, { states: ['failed'], kinds: ['connection-lost'], mayResume: true })
      anew.came('begun anew')
    }
  })
})

describe('a backup that is rotated away', () => {
  test('before its turn: the others come', async () => {
    const vanished = campaign('pull, one of several rotated away', { full: 10, sample: 1 })
    for (let i = 0; i < vanished.count; i++) {
      const cron = await cronServer()
      const { world, database, folder } = cron
      const made = madeDump(1000, 300)
      const staying = ['backup_test_20250303_030000.sql.gz', 'backup_test_20250304_030000.sql.gz']
      for (const each of staying) folder.add(each, made)
      const going = folder.add('backup_test_20250302_030000.sql.gz', made)
      // of equal times the later name comes first
      const job = await world.pull(database, 'all')
      await job.reached(({ step }) => step === 'transfer')
      rmSync(going.path)
      const over = await job.ended
      expect(over.copyIds).toHaveLength(2)
      await broken(cron, over, going, {
        states: ['failed'],
        kinds: ['backup-vanished'],
        retry: () => world.pull(database, 'all'),
      })
      vanished.came(outcomeOf(over))
    }
  })

  test('before it is asked for', async () => {
    const vanished = campaign('pull, rotated away before', { full: 3, sample: 1 })
    const cron = await cronServer()
    const backup = cron.folder.add(name)
    rmSync(backup.path)
    const job = await ended(cron, backup)
    const retry = async () => {
      cron.folder.put(name, backup.content)
      return cron.world.pull(cron.database, [name])
    }
    await broken(cron, job, backup, { states: ['failed'], kinds: ['backup-vanished'], retry })
    vanished.came(outcomeOf(job))
  })

  test('in the middle of its transfer: it comes whole or not at all', async () => {
    const vanished = campaign('pull, rotated away in the middle', { full: 10, sample: 1 })
    const cron = await cronServer()
    for (let i = 0; i < vanished.count; i++) {
      const backup = cron.folder.add(bigName, bigDump())
      const job = await meanwhile(cron, backup, () => rmSync(backup.path))
      const retry = async () => {
        cron.folder.put(bigName, backup.content)
        return cron.world.pull(cron.database, [bigName])
      }
      await broken(cron, job, backup, { states: ['done', 'failed'], kinds: ['backup-vanished'], retry })
      vanished.came(outcomeOf(job))
    }
  })
})

type Change = [string, (backup: Backup) => void, Wanted['states'], Wanted['kinds']]
const seconds = (backup: Backup, shift: number): void => {
  const at = new Date(Date.parse('2025-03-01T03:00:04.000Z') + shift * 1000)
  utimesSync(backup.path, at, at)
}
const changes: Change[] = [
  ['grows', ({ path }) => appendFileSync(path, '-- more\n'), ['failed'], ['backup-growing']],
  ['gets another time', (backup) => seconds(backup, 60), ['failed'], ['backup-growing']],
  ['becomes shorter', ({ path }) => truncateSync(path, 1000), ['failed'], ['backup-changed', 'backup-growing']],
  [
    'changes, but keeps size and time',
    (backup) => changeUnseen(backup.path, [400, backup.content.length - 400]),
    ['failed'],
    ['hash-differs'],
  ],
]

describe('a backup that has only begun', () => {
  const begun: [what: string, of: (whole: Buffer) => Buffer][] = [
    ['nothing yet', () => Buffer.alloc(0)],
    ['its first half', (whole) => whole.subarray(0, whole.length / 2)],
  ]
  test.each(begun)('and holds %s is no damaged copy; the one that never got its end is', async (what, of) => {
    const paused = campaign(`pull, the writer pauses at ${what}`, { full: 2, sample: 1 })
    const cron = await cronServer()
    const before = await cron.world.copies()
    for (let i = 0; i < paused.count; i++) {
      const whole = cron.folder.add(name)
      cron.folder.put(name, of(whole.content), new Date())
      const job = await (await cron.world.pull(cron.database, [name])).ended
      expect(job.failure?.kind).toBe('backup-growing')
      expect(await cron.world.copies()).toHaveLength(before.length)
      cron.folder.put(name, of(whole.content), new Date(Date.now() - 3_600_000))
      const later = await (await cron.world.pull(cron.database, [name])).ended
      expect([later.state, (await cron.world.copy(later.copyIds[0] ?? '')).face]).toEqual(['done', 'damaged'])
      for (const id of later.copyIds) await cron.world.engine.call('copy.remove', { id })
      paused.came('later')
    }
  })
})

describe('a backup that is written to while it comes', () => {
  test.each(changes)('and %s', async (what, change, states, kinds) => {
    const written: Campaign = campaign(`pull, file ${what}`, { full: 10, sample: 1 })
    const cron = await cronServer()
    for (let i = 0; i < written.count; i++) {
      const backup = cron.folder.add(bigName, bigDump())
      const job = await meanwhile(cron, backup, () => change(backup))
      const retry = async () => {
        cron.folder.put(bigName, backup.content)
        return cron.world.pull(cron.database, [bigName])
      }
      await broken(cron, job, backup, { states, kinds, retry })
      written.came(outcomeOf(job))
    }
  })

  test('and is replaced by another one of the same size', async () => {
    const replaced = campaign('pull, file replaced', { full: 10, sample: 1 })
    const cron = await cronServer()
    for (let i = 0; i < replaced.count; i++) {
      const made = bigDump()
      const backup = cron.folder.add(bigName, made)
      const next = bigDump()
      const job = await meanwhile(cron, backup, () => {
        const beside = join(cron.folder.path, 'next.part')
        writeFileSync(beside, next.content)
        renameSync(beside, backup.path)
        seconds(backup, 86_400)
      })
      // the file that was opened stays what it was; only its name belongs to another one now
      await broken(cron, job, backup, { states: ['done', 'failed'], kinds: ['hash-differs'], retry: undefined })
      const again = await ended(cron, backup)
      await broken(cron, again, { ...backup, truth: next.truth }, { states: ['done'], kinds: [], retry: undefined })
      replaced.came(outcomeOf(job))
    }
  })

  test('from before it was begun', async () => {
    const growing = campaign('pull, file still growing', { full: 5, sample: 1 })
    const cron = await cronServer()
    for (let i = 0; i < growing.count; i++) {
      const backup = cron.folder.add(name)
      const part = backup.content.subarray(0, 1000 + growing.random.below(backup.content.length - 2000))
      cron.folder.put(name, part, new Date())
      const job = await cron.world.pull(cron.database, [name])
      await job.reached(({ step }) => step === 'transfer')
      appendFileSync(backup.path, backup.content.subarray(part.length))
      const over = await job.ended
      const retry = async () => {
        cron.folder.put(name, backup.content)
        return cron.world.pull(cron.database, [name])
      }
      await broken(cron, over, backup, { states: ['failed'], kinds: ['backup-growing'], retry })
      growing.came(outcomeOf(over))
    }
  })
})

test('a backup that is here already is not brought again', async () => {
  const known = campaign('pull, already copied', { full: 3, sample: 1 })
  const cron = await cronServer()
  for (const which of ['newest', 'all'] as const) {
    const before = cron.world.proxy.passed.fromServer
    const job = await (await cron.world.pull(cron.database, which)).ended
    expect(cron.world.proxy.passed.fromServer - before).toBeLessThan(cron.first.content.length / 2)
    await broken(cron, job, cron.first, { states: ['done'], kinds: [], retry: undefined })
    known.came('not brought')
  }
})

test('a pull that is cancelled at any moment', async () => {
  const cancels = campaign('pull cancelled', { full: 30, sample: 2 })
  const cron = await cronServer()
  const backup = cron.folder.add(bigName, bigDump())
  for (let i = 0; i < cancels.count; i++) {
    cron.world.proxy.faults = slowLine
    const job = await cron.world.pull(cron.database, [bigName])
    const after = cancels.random.below(2_000_000)
    const step = (['connect', 'list', 'transfer'] as const)[cancels.random.below(3)]
    await job.reached((seen) => (i % 3 === 0 ? seen.step === step : seen.bytesDone > after))
    await cron.world.engine.call('job.cancel', { id: job.id })
    const over = await job.ended
    await broken(cron, over, backup, { states: ['cancelled'], kinds: [] })
    cancels.came(outcomeOf(over))
  }
})
