import { describe, expect, test } from 'vitest'
import type { Manifest } from '#shared/copy.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { catalogueIn, draftOf, noon, proof, scratch } from '../../../support/copies.ts'

const query = { sort: 'taken', descending: true, offset: 0, limit: 100 } as const
const day = (n: number): string => new Date(noon().getTime() + n * 86_400_000).toISOString()

function put(catalogue: Catalogue, name: string, change: Partial<Manifest> = {}) {
  const manifest: Manifest = { ...draftOf(Buffer.from(name)), id: `id-${name}`, file: `${name}.sql.gz`, ...change }
  const folder = `/copies/${manifest.server}/${manifest.label}`
  return catalogue.copies.put(manifest, `${folder}/${name}.manifest.json`)
}
const ids = (found: { copies: { id: string }[] }): string[] => found.copies.map(({ id }) => id.slice(3))

test('a row tells what the list needs, and never more than was proven', () => {
  const catalogue = catalogueIn(scratch())
  const row = put(catalogue, 'a', { proofs: [proof('stored'), proof('readable')] })
  expect(row).toMatchObject({
    file: '/copies/shop/prod/a.sql.gz',
    tableCount: 1,
    rowCount: 3,
    rung: 'readable',
    face: 'proven',
  })
  expect(put(catalogue, 'b', { proofs: [proof('stored'), proof('readable', 'damaged')] })).toMatchObject({
    rung: 'stored',
    face: 'damaged',
  })
  expect(put(catalogue, 'c', { proofs: [proof('stored'), proof('readable', 'not-checked')] })).toMatchObject({
    rung: 'stored',
    face: 'proven',
  })
  expect(put(catalogue, 'd', { proofs: [proof('readable')] })).toMatchObject({ rung: null, face: 'not-checked' })
  expect(put(catalogue, 'e', { proofs: [] })).toMatchObject({ rung: null, face: 'not-checked' })
})

test('the list that is built again from kept rows is the list of a fresh start', () => {
  const dir = scratch()
  const catalogue = catalogueIn(dir)
  for (const [n, name] of ['a', 'b', 'c'].entries()) put(catalogue, name, { takenAt: day(n) })
  const first = catalogue.copies.list(query)
  expect(ids(first)).toEqual(['c', 'b', 'a'])
  expect(catalogue.copies.list(query)).toEqual(first)
  expect(catalogueIn(dir).copies.list(query)).toEqual(first)
})

test('a change that another process makes shows in a list that was read before', () => {
  const dir = scratch()
  const [window, terminal] = [catalogueIn(dir), catalogueIn(dir)]
  put(window, 'a')
  expect(window.copies.list(query).copies[0]?.face).toBe('proven')
  put(terminal, 'a', { proofs: [proof('stored', 'damaged')] })
  expect(window.copies.list(query).copies[0]?.face).toBe('damaged')
  terminal.copies.remove('id-a')
  expect(window.copies.list(query)).toEqual({ total: 0, copies: [] })
})

describe('a list', () => {
  const filled = (): Catalogue => {
    const catalogue = catalogueIn(scratch())
    put(catalogue, 'small', { bytes: 1, takenAt: day(1) })
    put(catalogue, 'LARGE', { bytes: 9, takenAt: day(2), label: 'test', proofs: [proof('stored', 'damaged')] })
    put(catalogue, '中文', { bytes: 5, takenAt: day(3), server: 'zoo', proofs: [] })
    return catalogue
  }
  test('is filtered by server, label, face and words', () => {
    const { copies } = filled()
    expect(ids(copies.list({ ...query, server: 'zoo' }))).toEqual(['中文'])
    expect(ids(copies.list({ ...query, label: 'test' }))).toEqual(['LARGE'])
    expect(ids(copies.list({ ...query, face: 'not-checked' }))).toEqual(['中文'])
    expect(ids(copies.list({ ...query, text: ' large  SHOP ' }))).toEqual(['LARGE'])
    expect(ids(copies.list({ ...query, text: '中' }))).toEqual(['中文'])
    expect(ids(copies.list({ ...query, text: `100% _' OR 1` }))).toEqual([])
  })
  test('is sorted both ways, by time where the key is equal, and cut into pages', () => {
    const { copies } = filled()
    expect(ids(copies.list({ ...query, sort: 'size' }))).toEqual(['LARGE', '中文', 'small'])
    expect(ids(copies.list({ ...query, sort: 'size', descending: false }))).toEqual(['small', '中文', 'LARGE'])
    expect(ids(copies.list({ ...query, sort: 'server', descending: false }))).toEqual(['small', 'LARGE', '中文'])
    expect(ids(copies.list({ ...query, sort: 'face', descending: false }))).toEqual(['LARGE', '中文', 'small'])
    expect(ids(copies.list({ ...query, sort: 'proof' }))[0]).toBe('small')
    expect(copies.list({ ...query, offset: 1, limit: 1 })).toMatchObject({ total: 3, copies: [{ id: 'id-LARGE' }] })
  })
})

test('a copy is found by the begin of its id, when no other begins so', () => {
  const catalogue = catalogueIn(scratch())
  put(catalogue, 'a', { id: 'abcdef1' })
  put(catalogue, 'b', { id: 'abcdef2' })
  put(catalogue, 'c', { id: 'xyz1234' })
  expect(catalogue.copies.get('xyz1')?.id).toBe('xyz1234')
  expect(catalogue.copies.get('abcdef2')?.id).toBe('abcdef2')
  expect(() => catalogue.copies.get('abcd')).toThrow(/Several copies begin with abcd/)
  for (const unknown of ['xyz', 'nothing', '', '%%%%', '____']) expect(catalogue.copies.get(unknown)).toBeUndefined()
})

test('a backup is known by path, size and time, however the time is spelled, and by nothing less', () => {
  const catalogue = catalogueIn(scratch())
  const source = {
    host: 'h',
    dbname: null,
    path: '/backups/a.sql.gz',
    modifiedAt: '2025-01-09T03:00:00Z',
    timeZone: null,
  }
  put(catalogue, 'a', { origin: 'backup', bytes: 20, source })
  const backup = {
    server: 'shop',
    label: 'prod',
    path: '/backups/a.sql.gz',
    bytes: 20,
    modifiedAt: '2025-01-09T03:00:00.000Z',
  }
  expect(catalogue.copies.findBackup(backup)?.id).toBe('id-a')
  for (const other of [
    { bytes: 21 },
    { path: '/backups/b.sql.gz' },
    { modifiedAt: '2025-01-09T03:00:01Z' },
    { label: 'test' },
  ]) {
    expect(catalogue.copies.findBackup({ ...backup, ...other })).toBeUndefined()
  }
})

test('the copy before is the newest sound one of the same database that was taken before', () => {
  const catalogue = catalogueIn(scratch())
  put(catalogue, 'new', { takenAt: day(3) })
  put(catalogue, 'old', { takenAt: day(1) })
  put(catalogue, 'mid', { takenAt: day(2) })
  put(catalogue, 'else', { takenAt: day(2), label: 'test' })
  put(catalogue, 'cut', { takenAt: day(2.5), proofs: [proof('stored'), proof('readable', 'damaged')] })
  put(catalogue, 'unread', { takenAt: day(2.6), proofs: [proof('stored'), proof('readable', 'not-checked')] })
  put(catalogue, 'gone-bad', {
    takenAt: day(2.7),
    proofs: [proof('stored'), proof('readable'), proof('stored', 'damaged')],
  })
  // nothing may look as if it had come or gone because of a copy that is not whole
  expect(catalogue.copies.before('id-new')?.id).toBe('id-mid')
  expect(catalogue.copies.before('id-old')).toBeUndefined()
  expect(catalogue.copies.newest('shop', 'prod')?.id).toBe('id-new')
})

test('what a look has seen outweighs every proof, and a new proof does not make it forgotten', () => {
  const catalogue = catalogueIn(scratch())
  put(catalogue, 'a')
  const at = noon().toISOString()
  expect(catalogue.copies.saw('id-a', { look: 'missing', detail: 'The file is gone.', at })).toMatchObject({
    face: 'damaged',
    rung: null,
  })
  expect(catalogue.copies.saw('id-a', { look: 'unsure', detail: 'touched', at })).toMatchObject({
    face: 'not-checked',
    rung: null,
  })
  expect(put(catalogue, 'a', { proofs: [proof('stored'), proof('readable'), proof('restored')] }).face).toBe(
    'not-checked',
  )
  expect(catalogue.copies.saw('id-a', { look: 'same', detail: '', at })).toMatchObject({
    face: 'proven',
    rung: 'restored',
  })
})

test('the guide names the newest copy, and the newest that can be counted on', () => {
  const catalogue = catalogueIn(scratch())
  put(catalogue, 'good', { takenAt: day(1) })
  put(catalogue, 'half', { takenAt: day(2), proofs: [proof('stored')] })
  put(catalogue, 'bad', { takenAt: day(3), proofs: [proof('stored'), proof('readable', 'damaged')] })
  const [guide] = catalogue.copies.guide()
  expect(guide?.newest.copy.id).toBe('id-bad')
  expect(guide?.good?.copy.id).toBe('id-good')
})
