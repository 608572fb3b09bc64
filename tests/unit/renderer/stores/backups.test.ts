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
