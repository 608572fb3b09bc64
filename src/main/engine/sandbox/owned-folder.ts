import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isOrphan, ownership, parseOwnership } from './owned.ts'

/** All folders of sandboxes are called so, with something random behind it. */
export const folderPrefix = 'lifeboat-sandbox-'
const ownerFile = 'owner.json'

/** A fresh folder for this user alone that says which process it belongs to, so that a sweep may judge it. */
export async function makeOwnedFolder(base: string): Promise<string> {
  const folder = await mkdtemp(join(base, folderPrefix))
  await chmod(folder, 0o700)
  await writeFile(join(folder, ownerFile), JSON.stringify(ownership()), { mode: 0o600 })
  return folder
}

/** Removes one, also while a server that was just killed still writes its last into it. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}

/** A process may have died between a folder and the file in it; nobody needs more than that between the two. */
const youngMs = 60_000

/** Folders of this user below `base` whose process is gone. */
export async function orphanedFolders(base: string, now: Date): Promise<string[]> {
  const names = await readdir(base).catch(() => [])
  const orphaned: string[] = []
  for (const name of names.filter((one) => one.startsWith(folderPrefix))) {
    const folder = join(base, name)
    if (await isOrphaned(folder, now)) orphaned.push(folder)
  }
  return orphaned
}

async function isOrphaned(folder: string, now: Date): Promise<boolean> {
  const about = await lstat(folder).catch(() => null)
  // in a folder that all may write to, others can make such names as well
  if (!about?.isDirectory() || (process.getuid !== undefined && about.uid !== process.getuid())) return false
  const text = await readFile(join(folder, ownerFile), 'utf8').catch(() => '')
  if (text !== '') return isOrphan(parseOwnership(text))
  const { mtimeMs } = await stat(folder)
  return now.getTime() - mtimeMs > youngMs
}
