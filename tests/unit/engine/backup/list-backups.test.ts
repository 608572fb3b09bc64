import { unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import type { Backup } from '#shared/database.ts'
import { heldBy, ownFiles } from '#engine/backup/list-backups.ts'
import { namedNow } from '#engine/backup/named-now.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import { lookAtCopies } from '#engine/copies/integrity.ts'
import { catalogueIn, proof, scratch, someDatabase, someServer, storeCopy } from '../../../support/copies.ts'

const database = someDatabase(someServer('shop'), 'prod')
const modifiedAt = '2025-01-09T03:00:00.000Z'
const path = '/srv/backups/backup_prod_20250109_030000.sql.gz'
const source = { host: 'h', dbname: 'shop', path, modifiedAt, timeZone: null }
let catalogue: Catalogue
let copiesDir: string

beforeEach(() => {
  const dir = scratch('memory')
  copiesDir = join(dir, 'copies')
  catalogue = catalogueIn(dir)
})

async function pulled(...proofs: CopyRow['proofs']): Promise<CopyRow> {
  const change = { origin: 'backup', source, takenAt: modifiedAt, ...(proofs.length > 0 ? { proofs } : {}) } as const
  return storeCopy({ catalogue, copiesDir, stem: 'backup_prod_20250109_030000', change })
}

function held(copy: CopyRow): Pick<Backup, 'copyId' | 'outcome'> {
  return heldBy(catalogue, database, { name: 'n', path, bytes: copy.bytes, modifiedAt })
}

test('a backup that was brought is held by its copy', async () => {
  const copy = await pulled()
  expect(held(copy)).toEqual({ copyId: copy.id, outcome: 'proven' })
})

test('one that the server itself has damaged is held too: it would come as it is again', async () => {
  const copy = await pulled(proof('stored'), proof('readable', 'damaged'))
  expect(held(copy)).toEqual({ copyId: copy.id, outcome: 'damaged' })
})

test.each([
  ['removed', (file: string) => unlinkSync(file)],
  ['changed', (file: string) => writeFileSync(file, 'x')],
])('a copy whose file was %s holds nothing: the backup can be brought once more', async (_what, spoil) => {
  const copy = await pulled()
  spoil(copy.file)
  await lookAtCopies(catalogue)
  expect(held(copy)).toEqual({ copyId: null, outcome: null })
  const again = await pulled()
  expect(held(again)).toEqual({ copyId: again.id, outcome: 'proven' })
})

test('another size or time is another backup', async () => {
  const copy = await pulled()
  expect(heldBy(catalogue, database, { name: 'n', path, bytes: copy.bytes + 1, modifiedAt }).copyId).toBeNull()
  const later = '2025-01-10T03:00:00.000Z'
  expect(heldBy(catalogue, database, { name: 'n', path, bytes: copy.bytes, modifiedAt: later }).copyId).toBeNull()
})

test('of two databases that share a folder, neither gets what bears the name of the other', () => {
  const server = someServer('shop')
  const prod = someDatabase(server, 'prod')
  const test = someDatabase(server, 'test', { dbname: 'shop_test' })
  const names = [
    'backup_prod_20250109_030000.sql.gz',
    'backup_test_20250109_030500.sql.gz',
    'backup_Test_20250110_030500.sql',
    'backup_old_20240109_030000.sql.gz',
    'before-the-test_move.sql.gz',
  ]
  // the same one under another label, and one of another server, take nothing away
  const all = [prod, test, someDatabase(server, 'old'), someDatabase(someServer('other'), 'old')]
  const own = ownFiles(
    names.map((name) => ({ name })),
    prod,
    all,
  )
  expect(own.map(({ name }) => name)).toEqual([names[0], names[3], names[4]])
})

test('a copy bears the names of today, unless the entry means another database by now', () => {
  const server = someServer('shop')
  const taken = someDatabase(server, 'prod')
  catalogue.servers.insert(server)
  catalogue.databases.insert(taken)
  catalogue.databases.update({ ...taken, label: 'live' })
  expect(namedNow(catalogue, taken)).toEqual({ server: 'shop', label: 'live' })
  catalogue.databases.update({ ...taken, label: 'test', dbname: 'shop_test' })
  expect(namedNow(catalogue, taken)).toEqual({ server: 'shop', label: 'prod' })
})
