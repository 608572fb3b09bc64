import { beforeEach, expect, test } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import type { Backup } from '#shared/database.ts'
import { useBackups } from '../../../../src/renderer/stores/backups.ts'
import { useDatabases } from '../../../../src/renderer/stores/databases.ts'
import { databases, hoursAgo, row } from '../../../app/support/sample-data.ts'
import { answer } from '../answers.ts'

const [database] = databases
if (!database) throw new Error('There is no database to try it with.')
const id = database.id
const backup: Backup = { name: 'b', path: '/b', bytes: 1, modifiedAt: hoursAgo(1), copyId: 'c', outcome: 'proven' }
const shown = (): Backup | undefined => useBackups.getState().listings[id]?.backups?.[0]

beforeEach(() => {
  useBackups.setState({ listings: {} })
  useDatabases.setState({ value: [database] })
})

test('a copy that is found damaged after its backup was listed is not shown as proven any more', async () => {
  let copies: CopyRow[] = [{ ...row(1, database, 1, 'proven', 1), id: 'c' }]
  const calls = answer({
    'backup.list': () => [backup],
    'copy.list': () => ({ total: copies.length, copies }),
  })
  await useBackups.getState().read(id)
  expect(shown()).toMatchObject({ copyId: 'c', outcome: 'proven' })
  copies = copies.map((copy) => ({ ...copy, face: 'damaged' }))
  await useBackups.getState().recheck()
  expect(shown()).toMatchObject({ copyId: 'c', outcome: 'damaged' })
  copies = []
  await useBackups.getState().recheck()
  expect(shown()).toMatchObject({ copyId: null, outcome: null })
  // the server is asked when somebody looks, and only then
  expect(calls.filter((name) => name === 'backup.list')).toHaveLength(1)
})

test('whoever asks while the server is being asked gets one more answer', async () => {
  const calls = answer({ 'backup.list': () => [] })
  const { read } = useBackups.getState()
  await Promise.all([read(id), read(id), read(id)])
  await expect.poll(() => useBackups.getState().listings[id]?.loading).toBe(false)
  expect(calls).toEqual(['backup.list', 'backup.list'])
})

test('a copy is found behind the newest ones, and no more is asked for than that takes', async () => {
  const limits: (number | undefined)[] = []
  const copies = Array.from({ length: 1700 }, (_, n) => ({ ...row(1, database, n, 'proven', 1), id: `c${n}` }))
  answer({
    'backup.list': () => [{ ...backup, copyId: 'c600' }],
    'copy.list': ({ offset = 0, limit = 20_000 }) => {
      limits.push(limit)
      return { total: copies.length, copies: copies.slice(offset, offset + limit) }
    },
  })
  await useBackups.getState().read(id)
  expect(shown()).toMatchObject({ copyId: 'c600', outcome: 'proven' })
  expect(limits).toEqual([500, 500])
})

test('changes that come in a row are looked at once more, not once each', async () => {
  const copies = [{ ...row(1, database, 1, 'proven', 1), id: 'c' }]
  const calls = answer({ 'backup.list': () => [backup], 'copy.list': () => ({ total: 1, copies }) })
  await useBackups.getState().read(id)
  const { recheck } = useBackups.getState()
  await Promise.all([recheck(), recheck(), recheck(), recheck()])
  expect(calls.filter((name) => name === 'copy.list')).toHaveLength(1 + 2)
})

test('a failure goes when the same succeeds: one of the catalogue does not outlast it, nor hide that of the server', async () => {
  const copies = [{ ...row(1, database, 1, 'proven', 1), id: 'c' }]
  const well = { 'backup.list': () => [backup], 'copy.list': () => ({ total: 1, copies }) }
  const listing = () => useBackups.getState().listings[id]
  answer(well)
  await useBackups.getState().read(id)
  answer({})
  await useBackups.getState().recheck()
  expect(listing()).toMatchObject({ failure: null, unsure: { kind: 'bug' } })
  answer(well)
  await useBackups.getState().recheck()
  expect(listing()).toMatchObject({ failure: null, unsure: null })
  answer({ 'copy.list': well['copy.list'] })
  await useBackups.getState().read(id)
  await useBackups.getState().recheck()
  expect(listing()).toMatchObject({ failure: { kind: 'bug' }, unsure: null })
})
