import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { campaign } from '../support/faults.ts'
import { backupsFolder } from './support/backups-folder.ts'
import { expectNoLeavings, expectNothingBroken } from './support/expect.ts'
import { terminal } from './support/own-process.ts'
import { rigSource, sceneWith, slowLine, type Source } from './support/scene.ts'
import { isWhole, tablesAs } from './support/truth.ts'

let source: Source
beforeAll(async () => {
  source = await rigSource('test')
})

describe('a terminal and a window on the same data', () => {
  test('both take a dump of the same database at once', async () => {
    const both = campaign('two processes, backup at once', { full: 10, sample: 1 })
    const scene = await sceneWith(source)
    const { world, database, older, truth } = scene
    for (let i = 0; i < both.count; i++) {
      const twin = terminal(world.dataDir, ['backup', 'shop/test'])
      const here = await (await world.backup(database)).ended
      const there = await twin.gone
      expect(here.state, JSON.stringify(here.failure)).toBe('done')
      expect(there.code, there.stdout).toBe(0)
      const now = await world.copies()
      expect(now).toHaveLength(older.length + 2)
      expect(new Set(now.map(({ file }) => file)).size).toBe(now.length)
      expect(new Set(now.map(({ sha256 }) => sha256)).size).toBe(now.length)
      for (const { id } of now) expect(isWhole(tablesAs((await world.copy(id)).tables), truth)).toBe(true)
      expectNoLeavings(world, now, false)
      for (const row of now.filter(({ id }) => !older.some((each) => each.id === id))) {
        await world.engine.call('copy.remove', { id: row.id })
      }
      both.came('both done')
    }
  })

  test('both pull the same backups at once: each comes once', async () => {
    const both = campaign('two processes, pull at once', { full: 20, sample: 2 })
    const folder = backupsFolder()
    const scene = await sceneWith({ ...source, database: { ...source.database, backups: folder.path } })
    const { world, database, older } = scene
    for (let i = 0; i < both.count; i++) {
      const names = [1, 2].map((n) => `backup_test_202503${10 + i}_0${n}0000.sql.gz`)
      for (const name of names) folder.add(name)
      const twin = terminal(world.dataDir, ['pull', 'shop/test', '--all'])
      const here = await (await world.pull(database, 'all')).ended
      const there = await twin.gone
      expect(here.state, JSON.stringify(here.failure)).toBe('done')
      expect(there.code, there.stdout).toBe(0)
      const now = await world.copies()
      const added = now.filter(({ id }) => !older.some((each) => each.id === id))
      expect(added.map(({ face }) => face)).toEqual(added.map(() => 'proven'))
      expect(added.map(({ sha256 }) => sha256).sort()).toEqual([...new Set(added.map(({ sha256 }) => sha256))].sort())
      expect(added).toHaveLength(names.length)
      expectNoLeavings(world, now, false)
      for (const row of added) await world.engine.call('copy.remove', { id: row.id })
      for (const name of names) rmSync(join(folder.path, name))
      both.came('each once')
    }
  })
})

describe('a server or a database that gets another name', () => {
  test('while its backup runs keeps the copy', async () => {
    const renamed = campaign('backup, renamed meanwhile', { full: 3, sample: 1 })
    const { world, database } = await sceneWith(source)
    for (let i = 0; i < renamed.count; i++) {
      const [before] = await world.engine.call('database.list', {})
      const [server] = await world.engine.call('server.list', {})
      if (!before || !server) throw new Error('nothing is there')
      world.proxy.faults = slowLine
      const job = await world.backup(database)
      await job.reached(({ step }) => step === 'dump')
      await world.engine.call('server.update', { id: server.id, server: { ...server, name: `store-${i}` } })
      await world.engine.call('database.update', { id: database, database: { ...before, label: `live-${i}` } })
      world.proxy.faults = {}
      const over = await job.ended
      expect(over.state, JSON.stringify(over.failure)).toBe('done')
      expect(await world.copy(over.copyIds[0] ?? '')).toMatchObject({ server: `store-${i}`, label: `live-${i}` })
      renamed.came('under its new name')
    }
  })
})

describe('a clock that is wrong', () => {
  const day = 24 * 3600 * 1000
  test.each([
    ['a day ahead', day],
    ['a day behind', -day],
  ])('by %s', async (name, shift) => {
    const clocks = campaign(`clock ${name}`, { full: 3, sample: 1 })
    const folder = backupsFolder()
    const scene = await sceneWith({ ...source, database: { ...source.database, backups: folder.path } })
    const { world, database, older } = scene
    for (let i = 0; i < clocks.count; i++) {
      await world.stop()
      await world.start({ now: () => new Date(Date.now() + shift) })
      const job = await (await world.backup(database)).ended
      expect(job.state, JSON.stringify(job.failure)).toBe('done')
      const backup = folder.add(`backup_test_2025030${i + 1}_030000.sql.gz`)
      const pulled = await (await world.pull(database)).ended
      expect(pulled.state, JSON.stringify(pulled.failure)).toBe('done')
      const byTime = await world.copies()
      // a dump is as old as this clock says, right or not; a backup as the server says, or older: never younger
      const order = shift > 0 ? [...job.copyIds, older[0]?.id] : [older[0]?.id, ...job.copyIds]
      expect(byTime.map(({ id }) => id)).toEqual([...order, ...pulled.copyIds])
      const takenAt = new Date(Date.parse('2025-03-01T03:00:04.000Z') + Math.min(0, shift)).toISOString()
      expect(byTime.at(-1)).toMatchObject({ takenAt, sha256: backup.sha256 })
      await world.engine.call('copy.remove', { id: pulled.copyIds[0] ?? '' })
      await world.stop()
      await world.start()
      expect((await world.copies()).map(({ id }) => id)).toEqual(order)
      await expectNothingBroken({ ...scene, job, states: ['done'], kinds: [], retry: () => world.backup(database) })
      clocks.came('in order')
    }
  })
})
