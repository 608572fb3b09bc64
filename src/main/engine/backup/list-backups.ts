import { isDeepStrictEqual } from 'node:util'
import type { Backup, Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { holdsBackup } from '#shared/proof.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { listDumpFiles, wordOf, type DumpFile } from '#engine/ssh/dump-files.ts'

export type ListBackups = {
  database: Database
  catalogue: Catalogue
  connect: (signal: AbortSignal) => Promise<Connection>
}

/** The backups that the server's own cron has made, newest first, each with the copy that already holds it. */
export async function listBackups(input: ListBackups, signal: AbortSignal): Promise<Backup[]> {
  const connection = await input.connect(signal)
  try {
    // from here on nobody is asked any more, so that it may not take for ever
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(60_000)])
    return await backupsOver(connection, input.database, input.catalogue, bounded)
  } finally {
    await connection.end()
  }
}

/** The same over a connection that is there already. Throws `folder-missing`. */
export async function backupsOver(
  connection: Connection,
  database: Database,
  catalogue: Catalogue,
  signal: AbortSignal,
): Promise<Backup[]> {
  const folder = backupsFolder(database)
  const sftp = await connection.sftp(signal)
  try {
    const files = ownFiles(await listDumpFiles(sftp, folder), database, catalogue.databases.list())
    return files.map((file) => ({ ...file, ...heldBy(catalogue, database, file) }))
  } finally {
    sftp.end()
  }
}

/** Without those that bear the name of another database of this server: two that share a folder never get each other's. */
export function ownFiles<File extends { name: string }>(
  files: readonly File[],
  { server, label, dbname, place }: Database,
  databases: readonly Database[],
): File[] {
  // one that is listed under two labels is one all the same
  const isSame = (other: Database): boolean => other.dbname === dbname && isDeepStrictEqual(other.place, place)
  const others = databases.filter((other) => other.server === server && !isSame(other))
  const words = new Set(others.flatMap((other) => [other.label, other.dbname]).map((word) => word.toLowerCase()))
  for (const own of [label, dbname]) words.delete(own.toLowerCase())
  return files.filter(({ name }) => !words.has(wordOf(name) ?? ''))
}

/**
 * The copy that holds this backup. One whose file was lost or changed here holds nothing any more; one that is damaged
 * as the server made it does, and bringing it again would change nothing.
 */
export function heldBy(
  catalogue: Catalogue,
  { serverName, label }: Database,
  file: DumpFile,
): Pick<Backup, 'copyId' | 'outcome'> {
  const copy = catalogue.copies.findBackup({ server: serverName, label, ...file })
  return copy && holdsBackup(copy.proofs) ? { copyId: copy.id, outcome: copy.face } : { copyId: null, outcome: null }
}

function backupsFolder(database: Database): string {
  if (database.backups !== null) return database.backups
  throw new LifeboatFailure(
    'folder-missing',
    `No backups folder is named for ${database.serverName}/${database.label}.`,
  )
}
