import { rm, truncate } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { copyBefore } from '#engine/copies/before.ts'
import { changesBetween } from '#engine/copies/changes.ts'
import { readCopy } from '#engine/copies/show.ts'
import type { CopyTable, Origin } from '#shared/copy.ts'
import { catalogueIn, proof, scratch, storeCopy } from '../../../support/copies.ts'

const table = (name: string, rows: number, fingerprint: string | null): CopyTable => ({
  schema: 'public',
  name,
  rows,
  fingerprint,
  database: null,
})
const copy = (id: string, tables: CopyTable[], origin: Origin = 'dump', timeZone: string | null = null) => ({
  id,
  takenAt: '2025-06-15T12:00:00.000Z',
  tables,
  origin,
  source: { timeZone },
})

test('tables come and gone, rows, and edits that left the number of rows as it was', () => {
  const before = copy('a', [
    table('same', 1, '1'),
    table('grown', 1, '1'),
    table('edited', 2, '1'),
    table('gone', 1, '1'),
  ])
  const now = copy('b', [
    table('same', 1, '1'),
    table('grown', 5, '9'),
    table('edited', 2, '2'),
    table('added', 0, '0'),
  ])
  expect(changesBetween(before, now)).toEqual({
    before: { id: 'a', takenAt: '2025-06-15T12:00:00.000Z' },
    tablesAdded: ['public.added'],
    tablesGone: ['public.gone'],
    rows: [{ table: 'public.grown', before: 1, now: 5 }],
    edited: ['public.edited'],
    unknown: [],
  })
})

test('an unknown fingerprint is no sign of an edit, nor of the same content, and without a copy before there is nothing to tell', () => {
  const before = copy('a', [table('t', 2, null)])
  expect(changesBetween(before, copy('b', [table('t', 2, '7')]))).toMatchObject({ edited: [], unknown: ['public.t'] })
  // other rows are a change whatever the content is
  expect(changesBetween(before, copy('b', [table('t', 3, null)]))).toMatchObject({ unknown: [], rows: [{ now: 3 }] })
  expect(changesBetween(null, before)).toEqual({
    before: null,
    tablesAdded: [],
    tablesGone: [],
    rows: [],
    edited: [],
    unknown: [],
  })
})

test('a backup of the server and a dump of ours may write the same times in other zones: that is no edit', () => {
  const tables = [table('same', 1, '1'), table('times', 2, '1'), table('grown', 3, '1')]
  const later = [table('same', 1, '1'), table('times', 2, '9'), table('grown', 4, '9')]
  const changes = (origin: Origin, zone: string | null, before = copy('a', tables, 'backup', 'Asia/Shanghai')) =>
    changesBetween(before, copy('b', later, origin, zone))
  const unknown = { edited: [], unknown: ['public.times'], rows: [{ table: 'public.grown' }] }
  expect(changes('dump', null)).toMatchObject(unknown)
  expect(changes('backup', 'UTC')).toMatchObject(unknown)
  expect(changes('backup', null)).toMatchObject(unknown)
  // written alike, it is one
  const edited = { edited: ['public.times'], unknown: [] }
  expect(changes('backup', 'Asia/Shanghai')).toMatchObject(edited)
  expect(changes('dump', null, copy('a', tables))).toMatchObject(edited)
})

test('a copy is compared with the newest one before it that is whole, also when that is only found out now', async () => {
  const dir = scratch()
  const catalogue = catalogueIn(dir)
  const store = (day: number, proofs = [proof('stored'), proof('readable')]) => {
    const change = { takenAt: `2025-06-0${day}T12:00:00.000Z`, proofs }
    return storeCopy({ catalogue, copiesDir: dir, stem: `backup_prod_2025060${day}_120000`, change })
  }
  const whole = await store(1)
  const cut = await store(2)
  const lost = await store(3)
  await store(4, [proof('stored'), proof('readable', 'damaged')])
  const now = await readCopy(catalogue, (await store(5)).id)
  expect((await copyBefore(catalogue, now))?.id).toBe(lost.id)
  await rm(lost.file)
  await truncate(cut.file, 3)
  expect((await copyBefore(catalogue, now))?.id).toBe(whole.id)
  await rm(whole.file)
  expect(await copyBefore(catalogue, now)).toBeNull()
  // and one that was not read itself has nothing to tell
  const unread = await store(6, [proof('stored'), proof('readable', 'not-checked')])
  expect(await copyBefore(catalogue, await readCopy(catalogue, unread.id))).toBeNull()
})
