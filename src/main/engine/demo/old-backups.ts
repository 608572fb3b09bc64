import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { DemoDatabase } from './databases.ts'

const dayMs = 24 * 3600 * 1000

/**
 * Fills the folder where the server's cron keeps its backups: three good ones, and one of a night when the disk was
 * full. It has the size of a backup, `gunzip -t` is content with it, and it ends inside a table.
 */
export async function writeOldBackups(folder: string, database: DemoDatabase, now: Date): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const dump = await database.dump([])
  const cut = dump.slice(0, dump.lastIndexOf('INSERT INTO public.documents_revision') + 40)
  // the last night, so that the newest is no older than a server's own would be
  const last = new Date(now)
  last.setUTCHours(3, 0, 0, 0)
  if (last > now) last.setTime(last.getTime() - dayMs)
  for (const [nightsBefore, text] of [
    [3, dump],
    [2, dump],
    [1, cut],
    [0, dump],
  ] as const) {
    const at = new Date(last.getTime() - nightsBefore * dayMs)
    const file = join(folder, `backup_prod_${stampOf(at)}.sql.gz`)
    writeFileSync(file, gzipSync(text))
    utimesSync(file, at, at)
  }
}

function stampOf(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '_')
}
