import type { Backup, Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { RemoteEntry } from '#engine/ssh/sftp.ts'

export type ListBackups = {
  database: Database
  catalogue: Catalogue
  connect: (signal: AbortSignal) => Promise<Connection>
}

/** Names that a dump can have; everything else in the folder is somebody else's business. */
const dumpName = /\.(?:sql|dump|pgdump|backup)(?:\.(?:gz|zst|zstd))?$/i

/** The backups that the server's own cron has made, newest first, each with the copy that already holds it. */
export async function listBackups(input: ListBackups, signal: AbortSignal): Promise<Backup[]> {
  const connection = await input.connect(signal)
  try {
    return await backupsOver(connection, input.database, input.catalogue, signal)
  } finally {
    await connection.end()
  }
}

export async function backupsOver(
  connection: Connection,
  database: Database,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<Backup[]> {
  const folder = backupsFolder(database)
  const sftp = await connection.sftp(signal)
  try {
    const entries = await sftp.list(folder)
    return entries
      .filter((entry) => entry.kind === 'file' && dumpName.test(entry.name))
      .sort((a, b) => b.modified - a.modified || (a.name < b.name ? 1 : -1))
      .map((entry) => asBackup(entry, `${folder.replace(/\/+$/, '')}/${entry.name}`, database, catalogue))
  } finally {
    sftp.end()
  }
}

export function backupsFolder(database: Database): string {
  if (database.backups !== null) return database.backups
  throw new LifeboatFailure(
    'folder-missing',
    `No backups folder is named for ${database.serverName}/${database.label}.`,
  )
}

function asBackup(entry: RemoteEntry, path: string, database: Database, catalogue: Catalogue): Backup {
  const modifiedAt = isoOf(entry.modified)
  const copy = catalogue.copies.findBackup({
    server: database.serverName,
    label: database.label,
    path,
    bytes: entry.bytes,
    modifiedAt,
  })
  return {
    name: entry.name,
    path,
    bytes: entry.bytes,
    modifiedAt,
    copyId: copy?.id ?? null,
    outcome: copy?.face ?? null,
  }
}

/** SFTP counts whole seconds since 1970. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
