import { readdir } from 'node:fs/promises'
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

/** All folders that can hold copies: the folder itself, and two levels below it. Links are not followed. */
export async function foldersOfCopies(copiesDir: string): Promise<string[]> {
  const servers = await subfolders(copiesDir)
  if (servers === null) return []
  const labels = await Promise.all(servers.map(async (server) => (await subfolders(server)) ?? []))
  return [copiesDir, ...servers, ...labels.flat()].sort()
}

async function subfolders(dir: string): Promise<string[] | null> {
  try {
    const entries = await readdir(dir, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => join(dir, name))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
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
