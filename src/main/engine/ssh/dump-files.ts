import { posix } from 'node:path'
import { dumpEnding } from '#shared/dump-name.ts'
import type { Sftp } from './sftp.ts'

/** A dump file in a server's own backups folder. */
export type DumpFile = {
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly modifiedAt: string
}

/** Names under which people keep dumps. What is being written often has another ending, and is left alone. */
export function isDumpName(name: string): boolean {
  return dumpEnding.test(name) && !name.startsWith('.')
}

/**
 * The word by which `backup_WORD_20250109_030000.sql.gz` says, in lower case, of which database it is; null for a name of
 * another form, which says nothing.
 */
export function wordOf(name: string): string | null {
  return /^backup_(.+)_\d{8}_\d{6}\./i.exec(name)?.[1]?.toLowerCase() ?? null
}

/**
 * The dump files of a folder, newest first; of equal times the later name first. Regular files only: a link could lead
 * anywhere. Throws `folder-missing`.
 */
export async function listDumpFiles(sftp: Pick<Sftp, 'list'>, folder: string): Promise<DumpFile[]> {
  const entries = await sftp.list(folder)
  return entries
    .filter((entry) => entry.kind === 'file' && isDumpName(entry.name) && !entry.name.includes('/'))
    .sort((a, b) => b.modified - a.modified || (a.name < b.name ? 1 : -1))
    .map(({ name, bytes, modified }) => ({
      name,
      path: posix.join(folder, name),
      bytes,
      modifiedAt: isoOf(modified),
    }))
}

/** SFTP counts whole seconds since 1970. */
export function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
