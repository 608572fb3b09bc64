import { opendir, readdir } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { errorCode } from '#engine/disk/failure.ts'
import { makeFolderInside, makePrivateFolder } from '#engine/disk/folder.ts'
import { folderName } from './names.ts'

/** Where pulls that were cut off wait for their rest, below the folder of the copies. */
export const resumeFolder = '.resume'

/** The folder of a database's copies, made when missing: `<copies>/<server>/<label>`. */
export async function copyFolder(copiesDir: string, server: string, label: string): Promise<string> {
  await makePrivateFolder(copiesDir)
  return makeFolderInside(await makeFolderInside(copiesDir, folderName(server)), folderName(label))
}

/** `folders`: may hold copies. `unread`: nobody can tell what is in them, for want of the right to read or of a living disk. */
type CopyFolders = { readonly folders: string[]; readonly unread: string[] }

/** What file systems keep for themselves at their root. */
const ofFileSystems = new Set(['lost+found', 'System Volume Information', '$RECYCLE.BIN'])

/** All folders that can hold copies: the folder itself, and two levels below it. Links are not followed. */
export async function foldersOfCopies(copiesDir: string): Promise<CopyFolders> {
  const unread: string[] = []
  const orUnread = async <T>(dir: string, reading: Promise<T>): Promise<T | null> =>
    reading.catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') unread.push(dir)
      return null
    })
  const folders: string[] = []
  const servers = await orUnread(copiesDir, subfolders(copiesDir))
  if (servers !== null) folders.push(copiesDir)
  for (const server of servers ?? []) {
    const labels = await orUnread(server, subfolders(server))
    if (labels !== null) folders.push(server)
    for (const label of labels ?? []) {
      const isReadable = await orUnread(label, canBeListed(label))
      if (isReadable) folders.push(label)
    }
  }
  return { folders: folders.sort(), unread }
}

/** Throws where it can not. */
async function canBeListed(dir: string): Promise<true> {
  await (await opendir(dir)).close()
  return true
}

async function subfolders(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ofFileSystems.has(entry.name))
    .map(({ name }) => join(dir, name))
}

/** The folder of copies in which a path lies: a catalogue that lies must not lead a removal out of them. */
export function folderAround(dirs: readonly string[], path: string): string {
  const around = dirs.find((dir) => isInside(dir, path))
  if (around === undefined) throw outside(path)
  return around
}

/** Whether a path is a folder or lies below it. */
export function isInside(dir: string, path: string): boolean {
  const way = relative(dir, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

export function outside(path: string): LifeboatFailure {
  return new LifeboatFailure('folder-refused', `${path} lies outside of the folder of the copies.`)
}
