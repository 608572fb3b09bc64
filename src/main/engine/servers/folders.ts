import { posix } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Remote } from '#engine/docker/remote.ts'
import type { Sftp } from '#engine/ssh/sftp.ts'
import { isDumpName, listDumpFiles, wordOf, type DumpFile } from '#engine/ssh/dump-files.ts'

/** What a database's own folders hold, as far as they could be read. */
export type FolderSource = {
  /** the Compose project's folder; null for a container or the host */
  readonly dir: string | null
  readonly home: string
  readonly label: string
  readonly dbname: string
  /** labels of the other databases of the same folder: their files are not ours */
  readonly others: readonly string[]
}

/** The folder where the server's cron keeps this database's backups, with what lies there. Null: none was found. */
export async function findBackups(
  sftp: Pick<Sftp, 'list'>,
  source: FolderSource,
): Promise<{ folder: string; backups: DumpFile[] } | null> {
  const { dir, home, label, dbname, others } = source
  const roots = (dir === null ? [home] : [dir, posix.dirname(dir), home]).flatMap((root) => [
    posix.join(root, 'backups'),
    posix.join(root, 'backup'),
  ])
  const own = [...new Set([label, dbname])].filter(isFolderName)
  let empty: string | null = null
  for (const root of roots) {
    const names = await foldersAndDumps(sftp, root)
    if (names === null) continue
    for (const name of own.filter((one) => names.folders.includes(one))) {
      const folder = posix.join(root, name)
      const backups = await listDumpFiles(sftp, folder).catch(onlyMissing)
      if (backups && backups.length > 0) return { folder, backups }
      if (backups) empty ??= folder
    }
    // a heap in which another database has its dumps as well, even one that does not run now, is nobody's
    const mixed = others.length > 0 || names.words.some((word) => !own.some((one) => one.toLowerCase() === word))
    if (names.dumps > 0 && !mixed && root.startsWith(`${dir ?? home}/`))
      return { folder: root, backups: await listDumpFiles(sftp, root) }
  }
  return empty === null ? null : { folder: empty, backups: [] }
}

/** An environment file that belongs to a database, by its name. Its content is never looked at here. */
export type EnvFile = { readonly path: string; readonly readable: boolean }

/** The `.env` files of a project's folder: `.env`, `.env.prod`, `prod.env`. Templates and those of other labels are left out. */
export async function findEnvFiles(
  remote: Remote,
  sftp: Pick<Sftp, 'list'>,
  source: Pick<FolderSource, 'dir' | 'label' | 'others'>,
  signal?: AbortSignal,
): Promise<EnvFile[]> {
  const { dir } = source
  if (dir === null) return []
  const entries = await sftp.list(dir).catch(onlyMissing)
  const names = (entries ?? [])
    .filter((entry) => entry.kind !== 'folder' && isEnvFileOf(entry.name, source))
    .map((entry) => entry.name)
    .sort()
    .slice(0, 50)
  if (names.length === 0) return []
  const paths = names.map((name) => posix.join(dir, name))
  const test = 'for file do if [ -f "$file" ] && [ -r "$file" ]; then echo yes; else echo no; fi; done'
  const answer = await remote(['/bin/sh', '-c', test, 'readable', ...paths], signal ? { signal } : {})
  const readable = answer.stdout.split('\n')
  return paths.map((path, at) => ({ path, readable: readable[at] === 'yes' }))
}

export function isEnvFileOf(name: string, { label, others }: Pick<FolderSource, 'label' | 'others'>): boolean {
  const word = /^\.env$|^\.env[._-](.+)$|^(.+)\.env$/s.exec(name)
  if (!word || name.includes('/')) return false
  const mark = (word[1] ?? word[2] ?? '').toLowerCase()
  if (/(?:^|[._-])(?:example|sample|template|dist|bak|old|orig|swp)(?:$|[._-])/.test(mark)) return false
  if (mark === label.toLowerCase()) return true
  return !others.some((other) => mark === other.toLowerCase())
}

async function foldersAndDumps(
  sftp: Pick<Sftp, 'list'>,
  root: string,
): Promise<{ folders: string[]; dumps: number; words: string[] } | null> {
  const entries = await sftp.list(root).catch(onlyMissing)
  if (entries === null) return null
  const dumps = entries.filter((entry) => entry.kind === 'file' && isDumpName(entry.name))
  return {
    folders: entries.filter((entry) => entry.kind === 'folder' || entry.kind === 'link').map((entry) => entry.name),
    dumps: dumps.length,
    words: dumps.map(({ name }) => wordOf(name)).filter((word) => word !== null),
  }
}

/** A folder that is not there, or closed to us, only means: look on. A broken line does not. */
function onlyMissing(error: unknown): null {
  if (error instanceof LifeboatFailure && (error.kind === 'folder-missing' || error.kind === 'remote-command'))
    return null
  throw error
}

function isFolderName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/')
}
