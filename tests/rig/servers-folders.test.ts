import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listDumpFiles } from '#engine/ssh/dump-files.ts'
import { connectServer } from '#engine/servers/connect.ts'
import { findBackups, findEnvFiles } from '#engine/servers/folders.ts'
import { remoteOver } from '#engine/servers/remote.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { Sftp } from '#engine/ssh/sftp.ts'
import { rig, rigAvailable } from './machine/rig.ts'
import { nobodyAnswers, serverOf, world } from './servers-support.ts'

const signal = new AbortController().signal
let connection: Connection
let sftp: Sftp
let root: string

beforeAll(async () => {
  if (!rigAvailable()) return
  connection = await connectServer(serverOf(rig().users.operator), world(nobodyAnswers))
  sftp = await connection.sftp(signal)
  root = mkdtempSync('/tmp/lifeboat servers ')
  chmodSync(root, 0o755)
})
afterAll(async () => {
  if (!connection) return
  sftp.end()
  await connection.end()
  rmSync(root, { recursive: true })
})

/** A project's folder with these files; a name that ends in a slash is a folder. */
function project(name: string, files: readonly string[]): string {
  const dir = join(root, name)
  mkdirSync(dir)
  for (const file of files) {
    mkdirSync(join(dir, file, file.endsWith('/') ? '.' : '..'), { recursive: true })
    if (!file.endsWith('/')) writeFileSync(join(dir, file), 'x')
  }
  return dir
}

const source = (dir: string, others: string[] = []) => ({
  dir,
  home: join(root, 'home'),
  label: 'prod',
  dbname: 'shop',
  others,
})

describe.skipIf(!rigAvailable())("the folder of the server's own backups", () => {
  it('is the one with the label, beside the compose file', async () => {
    const dir = project('labelled', ['backups/prod/a.sql.gz', 'backups/test/b.sql.gz', 'backups/loose.sql'])
    const found = await findBackups(sftp, source(dir, ['test']))
    expect(found).toMatchObject({ folder: `${dir}/backups/prod`, backups: [{ name: 'a.sql.gz', bytes: 1 }] })
  })

  it('may be named after the database, or be a link', async () => {
    const dir = project('named', ['backup/shop/a.dump'])
    expect(await findBackups(sftp, source(dir))).toMatchObject({ folder: `${dir}/backup/shop` })
    const linked = project('linked', ['backups/', 'elsewhere/a.sql'])
    symlinkSync(join(linked, 'elsewhere'), join(linked, 'backups', 'prod'))
    expect(await findBackups(sftp, source(linked))).toMatchObject({ backups: [{ name: 'a.sql' }] })
  })

  it('is a heap of dumps only where they can belong to nobody else', async () => {
    const dir = project('heap', ['backups/a.sql.gz'])
    expect(await findBackups(sftp, source(dir))).toMatchObject({ folder: `${dir}/backups` })
    expect(await findBackups(sftp, source(dir, ['test']))).toBeNull()
    // whose container is stopped, or gone
    const mixed = project('mixed', [
      'backups/backup_prod_20250109_030000.sql',
      'backups/backup_test_20250109_030000.sql',
    ])
    expect(await findBackups(sftp, source(mixed))).toBeNull()
  })

  it('is told also when it is empty, after all others have been looked at', async () => {
    const dir = project('empty', ['backups/prod/', 'backup/prod/notes.txt'])
    expect(await findBackups(sftp, source(dir))).toEqual({ folder: `${dir}/backups/prod`, backups: [] })
    expect(await findBackups(sftp, source(project('none', ['docker-compose.yml'])))).toBeNull()
  })

  it('that is closed to this user is passed over', async () => {
    const dir = project('closed', ['backups/prod/a.sql.gz', 'backup/prod/b.sql.gz'])
    chmodSync(join(dir, 'backups'), 0o700)
    expect(await findBackups(sftp, source(dir))).toMatchObject({ folder: `${dir}/backup/prod` })
  })

  it('with 10,000 files is listed whole, newest first', async () => {
    const dir = project('many', [])
    for (let number = 0; number < 10_000; number++) {
      const file = join(dir, `backup_prod_${String(number).padStart(5, '0')}.sql.gz`)
      writeFileSync(file, '')
      utimesSync(file, 1_700_000_000 + number, 1_700_000_000 + number)
    }
    const backups = await listDumpFiles(sftp, dir)
    expect(backups).toHaveLength(10_000)
    expect(backups.map(({ name }) => name)).toEqual(
      backups
        .map(({ name }) => name)
        .sort()
        .reverse(),
    )
    await expect(listDumpFiles(sftp, `${dir}/nope`)).rejects.toMatchObject({ kind: 'folder-missing' })
  })
})

describe.skipIf(!rigAvailable())('.env files', () => {
  it('are found by name, and whether they can be read is known without reading them', async () => {
    const odd = `.env.it's "odd" $(touch pwned)\nname`
    const dir = project('env', ['.env', '.env.prod', '.env.test', '.env.example', odd, 'env.txt', '.env.d/'])
    chmodSync(join(dir, '.env'), 0o600)
    const found = await findEnvFiles(remoteOver(connection, signal), sftp, source(dir, ['test']), signal)
    expect(found).toEqual([
      { path: `${dir}/.env`, readable: false },
      { path: `${dir}/${odd}`, readable: true },
      { path: `${dir}/.env.prod`, readable: true },
    ])
  })
})
