import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Manifest } from '#shared/copy.ts'
import type { Job } from '#shared/job.ts'
import type { DriftSeen } from '#shared/vault.ts'
import type { Overview } from '#shared/overview.ts'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { envFiles, vaultWorld } from '../../../support/vault.ts'
import { catalogueIn, proof, scratch, someDatabase, someJob, someServer, storeCopy } from '../../../support/copies.ts'

type Stored = { label?: string; takenAt: string; change?: Partial<Manifest> }
type Scene = {
  now: string
  labels?: string[]
  copies?: Stored[]
  jobs?: Partial<Job>[]
  drift?: DriftSeen
  timeZone?: string
}

/** What the overview says when these copies and jobs are there. */
async function overviewOf({
  now,
  labels = ['prod'],
  copies = [],
  jobs = [],
  drift,
  timeZone,
}: Scene): Promise<Overview> {
  const dataDir = scratch('memory')
  const copiesDir = join(dataDir, 'copies')
  const catalogue = catalogueIn(dataDir)
  const server = someServer('shop')
  catalogue.servers.insert(server)
  for (const label of labels) catalogue.databases.insert(someDatabase(server, label))
  for (const { label = 'prod', takenAt, change } of copies) {
    await storeCopy({ catalogue, copiesDir, stem: 'c', change: { label, takenAt, storedAt: takenAt, ...change } })
  }
  for (const [index, job] of jobs.entries()) {
    const databaseId = someDatabase(server, 'prod').id
    catalogue.jobs.insert(someJob(`job${index}`, { databaseId, ...job }), { pid: 1, startToken: '' })
  }
  if (drift) catalogue.drifts.put(someDatabase(server, 'prod').id, drift)
  const engine = await createEngine({
    dataDir,
    copiesDir,
    version: 't',
    keychain: noKeychain,
    now: () => new Date(now),
  })
  try {
    return await engine.call('overview.get', timeZone === undefined ? {} : { timeZone })
  } finally {
    await engine.stop()
  }
}

const restored = (at: string, seconds: number) => ({ ...proof('restored', 'proven', at), seconds })

const damaged: Partial<Manifest> = { proofs: [proof('stored'), proof('readable', 'damaged')] }
const onlyStored: Partial<Manifest> = { proofs: [proof('stored'), proof('readable', 'not-checked')] }
const exact: Partial<Manifest> = {
  proofs: [proof('stored'), proof('readable'), restored('2026-03-10T03:10:00.000Z', 200), proof('exact')],
}
const failure = { kind: 'unreachable', message: 'It does not answer.', remedy: 'r', retry: 'now' } as const

test('a database whose newest copy is fresh and was restored needs nothing', async () => {
  const { care, databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    copies: [{ takenAt: '2026-03-10T03:00:00.000Z', change: exact }],
  })
  expect(care).toEqual([])
  expect(databases[0]).toMatchObject({ face: 'proven', copies: 1 })
  expect(databases[0]?.newestGood?.id).toBe(databases[0]?.newest?.id)
})

test('what is left when the server vanishes is the newest copy that was proven readable, not the newest one', async () => {
  const { care, databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    copies: [
      { takenAt: '2026-03-08T03:00:00.000Z' },
      { takenAt: '2026-03-09T03:00:00.000Z', change: onlyStored },
      { takenAt: '2026-03-10T03:00:00.000Z', change: damaged },
    ],
  })
  const [state] = databases
  expect(state?.face).toBe('damaged')
  expect(state?.newest?.takenAt).toBe('2026-03-10T03:00:00.000Z')
  expect(state?.newestGood?.takenAt).toBe('2026-03-08T03:00:00.000Z')
  expect(care.map(({ kind }) => kind)).toEqual(['damaged', 'old'])
})

test('a copy that was stored and never proven readable does not count as a copy to rely on', async () => {
  const copies = [{ takenAt: '2026-03-10T03:00:00.000Z', change: onlyStored }]
  const { care, databases } = await overviewOf({ now: '2026-03-10T12:00:00Z', copies })
  expect(databases[0]?.newestGood).toBeNull()
  expect(care.map(({ kind }) => kind)).toEqual(['no-copy'])
})

test('the worst comes first, in the list of care and in the list of databases', async () => {
  const { care, databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    labels: ['a-good', 'b-old', 'c-damaged', 'd-none'],
    copies: [
      { label: 'a-good', takenAt: '2026-03-10T03:00:00.000Z', change: exact },
      { label: 'b-old', takenAt: '2026-03-01T03:00:00.000Z' },
      { label: 'c-damaged', takenAt: '2026-03-10T02:00:00.000Z' },
      { label: 'c-damaged', takenAt: '2026-03-10T03:00:00.000Z', change: damaged },
    ],
  })
  expect(databases.map(({ database }) => database.label)).toEqual(['d-none', 'c-damaged', 'b-old', 'a-good'])
  expect(care.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
    'no-copy d-none',
    'damaged c-damaged',
    'old b-old',
    'unproven c-damaged',
  ])
})

test('getting back takes what the last restore took, and the newest exact copy is told beside the newest one', async () => {
  const { care, databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    copies: [
      {
        takenAt: '2026-03-08T03:00:00.000Z',
        change: { proofs: [proof('stored'), proof('readable'), restored('2026-03-10T09:00:00.000Z', 90)] },
      },
      { takenAt: '2026-03-09T03:00:00.000Z', change: exact },
      { takenAt: '2026-03-10T03:00:00.000Z' },
    ],
  })
  const [state] = databases
  expect(state?.lastRestore).toMatchObject({ seconds: 90, at: '2026-03-10T09:00:00.000Z' })
  expect(state?.newestExact?.takenAt).toBe('2026-03-09T03:00:00.000Z')
  expect(state?.newestGood?.takenAt).toBe('2026-03-10T03:00:00.000Z')
  // One restored this week speaks for the newer one as well.
  expect(care).toEqual([])
})

test('a readable copy that was never restored needs care, and so does one whose last restore is long ago', async () => {
  const never = await overviewOf({ now: '2026-03-10T12:00:00Z', copies: [{ takenAt: '2026-03-10T03:00:00.000Z' }] })
  expect(never.care).toMatchObject([{ kind: 'unproven', copyId: never.databases[0]?.newest?.id, provenAt: null }])
  expect(never.databases[0]).toMatchObject({ lastRestore: null, newestExact: null })
  const longAgo = '2026-03-01T09:00:00.000Z'
  const { care } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    copies: [
      {
        takenAt: '2026-03-01T03:00:00.000Z',
        change: { proofs: [proof('stored'), proof('readable'), restored(longAgo, 90)] },
      },
      { takenAt: '2026-03-10T03:00:00.000Z' },
    ],
  })
  expect(care).toMatchObject([{ kind: 'unproven', provenAt: longAgo }])
})

test('a restore that failed since takes the measured time back with it', async () => {
  const proofs = [
    proof('stored'),
    proof('readable'),
    restored('2026-03-10T03:10:00.000Z', 200),
    proof('restored', 'damaged'),
  ]
  const { databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    copies: [{ takenAt: '2026-03-10T03:00:00.000Z', change: { proofs } }],
  })
  expect(databases[0]).toMatchObject({ face: 'damaged', lastRestore: null, newestExact: null })
})

test('a failure needs care until a later run went well', async () => {
  const copies = [{ takenAt: '2026-03-10T03:00:00.000Z', change: exact }]
  const failed = { state: 'failed', failure, endedAt: '2026-03-10T04:00:00.000Z' } as const
  const fine = { state: 'done', endedAt: '2026-03-10T05:00:00.000Z' } as const
  const open = await overviewOf({ now: '2026-03-10T12:00:00Z', copies, jobs: [fine, failed] })
  expect(open.care).toMatchObject([{ kind: 'failed', jobId: 'job1', message: 'It does not answer.' }])
  const mended = await overviewOf({ now: '2026-03-10T12:00:00Z', copies, jobs: [failed, fine] })
  expect(mended.care).toEqual([])
})

test('a verification or a seal that failed needs care of its own until one went well', async () => {
  const copies = [{ takenAt: '2026-03-10T03:00:00.000Z', change: exact }]
  const failed = { state: 'failed', failure, endedAt: '2026-03-10T04:00:00.000Z' } as const
  const done = { state: 'done', endedAt: '2026-03-10T05:00:00.000Z' } as const
  const of = async (jobs: Partial<Job>[]) => (await overviewOf({ now: '2026-03-10T12:00:00Z', copies, jobs })).care
  expect(await of([{ kind: 'verify', ...failed }, { kind: 'seal', ...failed }, done])).toMatchObject([
    { kind: 'failed', what: 'verify', jobId: 'job0' },
    { kind: 'failed', what: 'seal', jobId: 'job1' },
  ])
  expect(
    await of([
      { kind: 'verify', ...failed },
      { kind: 'verify', ...done },
    ]),
  ).toEqual([])
})

test('a copy from the future needs care, and hides none that is older', async () => {
  const now = '2026-03-10T12:00:00Z'
  const ahead = { takenAt: '2026-03-12T03:00:00.000Z', change: exact }
  const older = { takenAt: '2026-03-08T03:00:00.000Z', change: exact }
  const alone = await overviewOf({ now, copies: [ahead] })
  expect(alone.care).toMatchObject([{ kind: 'ahead', takenAt: ahead.takenAt }])
  expect(alone.databases[0]?.newestGood?.takenAt).toBe(ahead.takenAt)
  const { care, databases } = await overviewOf({ now, copies: [ahead, older] })
  expect(care.map(({ kind }) => kind)).toEqual(['ahead', 'old'])
  expect(databases[0]?.newestGood?.takenAt).toBe(older.takenAt)
  expect(databases[0]?.newestExact?.takenAt).toBe(older.takenAt)
  // clocks may be a little apart
  const near = await overviewOf({ now, copies: [{ takenAt: '2026-03-10T12:03:00.000Z', change: exact }] })
  expect(near.care).toEqual([])
})

test('.env files that were never sealed need care until they are, and again when their seal is cut', async () => {
  const { engine, databaseId, seal } = await vaultWorld()
  const { care } = await engine.call('overview.get', {})
  expect(care.map(({ kind }) => kind)).toEqual(['no-copy'])
  const [database] = await engine.call('database.list', {})
  if (!database) throw new Error('There is no database.')
  await engine.call('database.update', { id: databaseId, database: { ...database, env: ['/srv/app/.env'] } })
  expect((await engine.call('overview.get', {})).care).toMatchObject([
    { kind: 'no-copy' },
    { kind: 'unsealed', files: 1 },
  ])
  await seal(envFiles({ '.env': 'A=1\n' }))
  expect((await engine.call('overview.get', {})).care.map(({ kind }) => kind)).toEqual(['no-copy'])
  const [sealed] = await engine.call('vault.list', {})
  truncateSync(sealed?.file ?? '', 100)
  expect((await engine.call('overview.get', {})).care.map(({ kind }) => kind)).toEqual(['no-copy', 'unsealed'])
})

test.each([
  // clocks go forward on 29 March and back on 25 October in Berlin
  ['Europe/Berlin', '2026-03-30T22:15:00Z', '2026-03-31'],
  ['Europe/Berlin', '2026-10-25T22:45:00Z', '2026-10-25'],
  ['Asia/Shanghai', '2026-03-10T17:00:00Z', '2026-03-11'],
  ['No/Such_Zone', '2026-03-10T12:00:00Z', '2026-03-10'],
])('the calendar has each of its 84 days once, also where a clock was changed: %s %s', async (timeZone, now, last) => {
  const { databases } = await overviewOf({ now, timeZone })
  const days = databases[0]?.days.map(({ day }) => day) ?? []
  const expected = Array.from({ length: 84 }, (_, index) =>
    new Date(Date.parse(`${last}T00:00:00Z`) - (83 - index) * 86_400_000).toISOString().slice(0, 10),
  )
  expect(days).toEqual(expected)
})

test('a day shows the best copy that was taken on it, and that one of them is damaged', async () => {
  const { databases } = await overviewOf({
    now: '2026-03-10T12:00:00Z',
    timeZone: 'Asia/Shanghai',
    copies: [
      // 10 March in Shanghai already
      { takenAt: '2026-03-09T16:30:00.000Z', change: onlyStored },
      { takenAt: '2026-03-10T01:00:00.000Z' },
      { takenAt: '2026-03-10T02:00:00.000Z', change: damaged },
    ],
  })
  expect(databases[0]?.days.at(-1)).toEqual({ day: '2026-03-10', rung: 'readable', damaged: true })
  expect(databases[0]?.days.at(-2)).toEqual({ day: '2026-03-09', rung: null, damaged: false })
})

test('what is sealed needs care when the server has something else, and not when it was the same', async () => {
  const now = '2026-03-10T12:00:00Z'
  const copies = [{ takenAt: '2026-03-10T03:00:00.000Z', change: exact }]
  const seen = { sealId: 's', at: '2026-03-10T03:00:00.000Z', removed: 0, otherwise: 0, missing: 0, unsealed: 0 }
  const drift = { ...seen, equal: false, added: 2, changed: 1 }
  const { care } = await overviewOf({ now, copies, drift })
  expect(care).toEqual([
    { kind: 'drift', databaseId: 'id-of-shop-prod', server: 'shop', label: 'prod', ...seen, added: 2, changed: 1 },
  ])
  expect((await overviewOf({ now, copies, drift: { ...drift, equal: true, added: 0, changed: 0 } })).care).toEqual([])
})

test("a backup that went bad here is called this computer's copy, and not the server's backup", async () => {
  const now = '2026-03-10T12:00:00Z'
  const of = async (proofs: Manifest['proofs']) => {
    const change = { origin: 'backup' as const, proofs }
    const { care } = await overviewOf({ now, copies: [{ takenAt: '2026-03-10T03:00:00.000Z', change }] })
    return care.find(({ kind }) => kind === 'damaged')
  }
  expect(await of([proof('stored'), proof('readable', 'damaged')])).toMatchObject({ origin: 'backup' })
  expect(await of([proof('stored'), proof('readable'), proof('stored', 'damaged')])).toMatchObject({
    origin: 'dump',
    detail: 'stored damaged',
  })
})

test("that the server's cron makes rubbish stays told after a good dump, until it has made a good backup", async () => {
  const backup = (takenAt: string, ...proofs: Manifest['proofs']) => ({
    takenAt,
    change: { origin: 'backup' as const, proofs: [proof('stored'), ...proofs] },
  })
  const bad = backup('2026-03-10T03:00:00.000Z', proof('readable', 'damaged'))
  const dump = { takenAt: '2026-03-10T09:00:00.000Z' }
  const of = async (copies: Stored[]) => {
    const { care } = await overviewOf({ now: '2026-03-11T12:00:00Z', copies })
    return care.filter(({ kind }) => kind === 'damaged')
  }
  expect(await of([bad, dump])).toMatchObject([{ origin: 'backup', takenAt: bad.takenAt }])
  const good = backup('2026-03-11T03:00:00.000Z', proof('readable'))
  expect(await of([bad, dump, good])).toEqual([])
})

test('an attempt that failed is not made good by one that was cancelled, nor forgotten behind many others', async () => {
  const others = Array.from({ length: 600 }, (): Partial<Job> => ({ kind: 'check', databaseId: null, state: 'done' }))
  const failed: Partial<Job> = { kind: 'backup', state: 'failed' }
  const of = async (jobs: Partial<Job>[]) => {
    const { care } = await overviewOf({ now: '2026-03-10T12:00:00Z', jobs })
    return care.filter(({ kind }) => kind === 'failed')
  }
  expect(await of([failed, ...others, { kind: 'backup', state: 'cancelled' }])).toMatchObject([{ what: 'copy' }])
  expect(await of([failed, { kind: 'pull', state: 'done' }])).toEqual([])
})
