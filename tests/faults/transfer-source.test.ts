import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { newDatabaseSchema } from '#shared/database.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import { remoteOver } from '#engine/servers/remote.ts'
import { openDatabase } from '#engine/servers/open-database.ts'
import { startSourceProof, type SourceLimits } from '#engine/backup/source-proof.ts'
import { over } from '../rig/servers-support.ts'
import { rig } from '../rig/machine/rig.ts'
import { campaign } from '../support/faults.ts'
import { expectNoDump, expectNothingBroken } from './support/expect.ts'
import { ownPostgres, type OwnPostgres } from './support/own-postgres.ts'
import { outcomeOf, sceneWith, slowLine, type Scene, type Source } from './support/scene.ts'
import { dumpProcesses, sourceBackends, sourceProcesses } from './support/server-side.ts'
import { tablesAs, truthOf } from './support/truth.ts'
import { impatient, type Running, type WorldOptions } from './support/world.ts'

let server: OwnPostgres
let big: Source
let small: Source

beforeAll(async () => {
  server = await ownPostgres()
  big = { ...server, truth: await truthOf(server.beside) }
  small = { ...server.small, truth: await truthOf(server.small.beside) }
})

beforeEach(() => server.play({ does: 'dumps' }))

/** Here pg_dump waits for us, and is not to be taken for a dead line meanwhile. */
const patient: WorldOptions = { timeouts: { ...impatient, stall: 60_000 } }

/** Begins a backup and stops where the source is held and pg_dump has not yet asked for its snapshot. */
async function heldBeforeDump({ world, database, beside }: Scene): Promise<Running> {
  server.play({ does: 'waits' })
  const job = await world.backup(database)
  await vi.waitFor(
    async () => {
      expect(dumpProcesses(job.id).length).toBeGreaterThan(0)
      expect(await sourceBackends(beside, job.id)).toHaveLength(1)
    },
    { timeout: 120_000, interval: 50 },
  )
  return job
}

async function endSource({ beside }: Scene, { id }: Running): Promise<void> {
  const [backend] = await sourceBackends(beside, id)
  await beside.query(`select pg_terminate_backend(${backend?.pid}, 10000)`)
}

describe('a source that is counted in the snapshot of its dump', () => {
  test('is what the dump holds, and not what others have made of it meanwhile', async () => {
    const changes = campaign('source changed while it is dumped', { full: 10, sample: 1 })
    for (let i = 0; i < changes.count; i++) {
      const before = await truthOf(big.beside)
      const scene = await sceneWith({ ...big, truth: before }, patient)
      scene.world.proxy.faults = slowLine
      const job = await scene.world.backup(scene.database)
      await job.reached(({ bytesDone }) => bytesDone > 100_000)
      await big.beside.query(
        `delete from public.noise where id % 1000 = ${i}; update public.noise set a = 'changed ${i}' where id % 7 = 0`,
      )
      scene.world.proxy.faults = {}
      const ended = await job.ended
      expect(ended, JSON.stringify(ended.failure)).toMatchObject({ state: 'done', outcome: 'proven' })
      const { tables, snapshot } = await scene.world.copy(ended.copyIds[0] ?? '')
      const versions = { extensions: { plpgsql: '1.0' } }
      expect(snapshot).toMatchObject({ method: 'fingerprints', note: null, versions })
      expect(tablesAs(tables)).toEqual(before)
      expect(tablesAs(snapshot?.tables ?? [])).toEqual(before)
      expect(await truthOf(big.beside)).not.toEqual(before)
      await expectNoDump(big.beside, ended.id)
      changes.came(outcomeOf(ended))
    }
  })

  test('lets nobody truncate a table between the two', async () => {
    const scene = await sceneWith(small, patient)
    const job = await heldBeforeDump(scene)
    const truncated = vi.fn()
    const other = await server.another('small')
    const truncate = other.query('begin; truncate people; rollback').then(truncated)
    await vi.waitFor(async () => {
      const waiting = `select 1 from pg_stat_activity where query like '%truncate people%' and wait_event_type = 'Lock'`
      expect(await scene.beside.query(`${waiting} and pid <> pg_backend_pid()`)).toHaveLength(1)
    }, 30_000)
    expect(truncated).not.toHaveBeenCalled()
    // pg_dump now stands behind the truncation, and that behind us: we are the ones who give way
    await endSource(scene, job)
    await truncate
    server.play({ does: 'dumps' })
    const ended = await job.ended
    await expectNothingBroken({ ...scene, job: ended, states: ['done'], kinds: [] })
  })
})

describe('the session that holds it', () => {
  test.each(['before', 'after'] as const)('is ended on the server %s pg_dump took its snapshot', async (when) => {
    const kills = campaign(`source session ended ${when} pg_dump began`, { full: 10, sample: 1 })
    const scene = await sceneWith(small, patient)
    for (let i = 0; i < kills.count; i++) {
      const job = await heldBeforeDump(scene)
      if (when === 'before') {
        await endSource(scene, job)
        server.play({ does: 'dumps' })
      } else {
        // held back, it can not see that pg_dump has begun, and stays
        const psql = sourceProcesses(job.id).filter(({ command }) => /^\S*psql /.test(command))
        for (const { pid } of psql) process.kill(pid, 'SIGSTOP')
        server.play({ does: 'dumps' })
        await job.reached(({ bytesDone }) => bytesDone > 0)
        await endSource(scene, job)
        for (const { pid } of psql) process.kill(pid, 'SIGCONT')
      }
      const ended = await job.ended
      expect(ended, JSON.stringify(ended.failure)).toMatchObject({ state: 'done', outcome: 'proven' })
      const { snapshot, proofs } = await scene.world.copy(ended.copyIds[0] ?? '')
      expect(snapshot).toMatchObject({
        tables: [],
        note: expect.stringMatching(/source was not counted to its end: .+/),
      })
      const said = expect.stringContaining(snapshot?.note ?? '')
      expect(proofs.at(-1)).toMatchObject({ rung: 'exact', outcome: 'not-checked', detail: said })
      await expectNothingBroken({ ...scene, job: ended, states: ['done'], kinds: [] })
      kills.came(outcomeOf(ended))
    }
  })

  test('goes when the backup is cancelled', async () => {
    const cancels = campaign('backup cancelled while the source is held', { full: 20, sample: 1 })
    const scene = await sceneWith(small, patient)
    for (let i = 0; i < cancels.count; i++) {
      const job = await heldBeforeDump(scene)
      await scene.world.engine.call('job.cancel', { id: job.id })
      const ended = await job.ended
      server.play({ does: 'dumps' })
      const retry = () => scene.world.backup(scene.database)
      await expectNothingBroken({ ...scene, job: ended, states: ['cancelled'], kinds: [], retry })
      cancels.came(outcomeOf(ended))
    }
  })

  test('goes when the line breaks', async () => {
    const cuts = campaign('line broken while the source is held', { full: 20, sample: 1 })
    const scene = await sceneWith(small, patient)
    for (let i = 0; i < cuts.count; i++) {
      const job = await heldBeforeDump(scene)
      scene.world.proxy.resetAll()
      const ended = await job.ended
      server.play({ does: 'dumps' })
      const retry = () => scene.world.backup(scene.database)
      await expectNothingBroken({ ...scene, job: ended, states: ['failed'], kinds: ['connection-lost'], retry })
      cuts.came(outcomeOf(ended))
    }
  })

  test.each([
    ['whole', 'it was given up after'],
    ['dumpBegins', 'pg_dump could not lock the tables beside it'],
  ] as const)('is given up and ended when it has lasted longer than its limit: %s', async (which, why) => {
    const usual: SourceLimits = { begin: 30_000, dumpBegins: 30_000, whole: 30_000 }
    const database = newDatabaseSchema.parse({ ...small.database, server: 'rig' })
    const name = `lifeboat-source-limit-${which}`
    await over(rig().users.operator, async (connection) => {
      const signal = new AbortController().signal
      const { postgres, facts } = await openDatabase(remoteOver(connection, signal), database, 'rig')
      const limits = { ...usual, [which]: 1 }
      const now = (): Date => new Date()
      const start = { connection, postgres, facts, wanted: 'counts', name, limits, now, signal } as const
      const proof = await startSourceProof(start)
      expect(proof.snapshot).not.toBeNull()
      // pg_dump never writes a byte
      proof.started()
      const snapshot = await proof.result(nothingDumped)
      expect(snapshot).toMatchObject({ tables: [], note: expect.stringContaining(why) })
      expect(await proof.end()).toBe(true)
      const left = `select 1 from pg_stat_activity where application_name = '${name}'`
      expect(await small.beside.query(left)).toEqual([])
    })
  })
})

describe('a copy beside its source', () => {
  test('is compared with what the source holds now, and leaves nothing there', async () => {
    const scene = await sceneWith(small, patient)
    const { engine } = scene.world
    await small.beside.query(`create table public.newcomer as select 1 as n; delete from "odd name"."T ""x""";
      update public.people set name = 'x' where id = 7`)
    const { jobId } = await engine.call('compare.source', { copyId: scene.older[0]?.id ?? '' })
    const ended = async (): Promise<void> => expect((await engine.call('job.show', { id: jobId })).state).toBe('done')
    await vi.waitFor(ended, { timeout: 60_000, interval: 100 })
    const result = await engine.call('compare.result', { jobId })
    expect(result?.tables).toEqual(
      expect.arrayContaining([
        { database: null, schema: 'public', name: 'newcomer', left: null, right: 1, same: false, largeDrop: false },
        { database: null, schema: 'public', name: 'people', left: 3000, right: 3000, same: false, largeDrop: false },
        { database: null, schema: 'odd name', name: 'T "x"', left: 500, right: 0, same: false, largeDrop: true },
      ]),
    )
    expect(result?.right.kind).toBe('source')
    await expectNoDump(small.beside, jobId)
    await small.beside.query('drop table public.newcomer')
    small = { ...small, truth: await truthOf(small.beside) }
  })
})

describe('a user', () => {
  test('who may not compute a hash still gets his dump, and is told', async () => {
    await small.beside.query(`create role reader login; grant pg_read_all_data to reader;
      revoke execute on function pg_catalog.hashtextextended(text, bigint) from public`)
    const scene = await sceneWith({ ...small, database: { ...small.database, dbuser: 'reader' } }, patient)
    const [copy] = scene.older
    const { snapshot } = await scene.world.copy(copy?.id ?? '')
    expect(copy?.face).toBe('proven')
    expect(snapshot?.note).toMatch(/not counted to its end: .*permission denied for function hashtextextended/)
  })

  test('who may not read a table is refused as without it', async () => {
    await small.beside.query(`create role stranger login; grant usage on schema "odd name" to stranger`)
    const scene = await sceneWith(small, patient)
    const id = await scene.world.addDatabase({ ...small.database, label: 'stranger', dbuser: 'stranger' })
    const ended = await (await scene.world.backup(id)).ended
    await expectNothingBroken({ ...scene, job: ended, states: ['failed'], kinds: ['database-refused'] })
  })
})

const nothingDumped: DumpReport = {
  outcome: 'proven',
  compression: 'zstd',
  checksummed: false,
  format: 'plain',
  dumps: 1,
  cluster: false,
  endMarkers: 1,
  serverVersion: null,
  dumpVersion: null,
  encoding: null,
  timeZone: null,
  tables: [],
  statements: {},
  largeObjects: 0,
  roles: [],
  extensions: [],
  sqlBytes: 0,
  findings: [],
  moreFindings: 0,
}
