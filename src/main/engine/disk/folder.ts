import { closeSync, fsyncSync, openSync } from 'node:fs'
import { access, constants, lstat, mkdir, open, stat, unlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure, errorCode } from './failure.ts'

/** Windows opens no folders; NTFS journals names by itself. */
const foldersSync = process.platform !== 'win32'

/** Makes the names in a folder as durable as its files: without this a rename may be gone after a power cut. */
export async function syncFolder(dir: string): Promise<void> {
  if (!foldersSync) return
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // some network file systems know no such thing
    if (errorCode(error) !== 'EINVAL') throw error
  } finally {
    await handle.close()
  }
}

export function syncFolderNow(dir: string): void {
  if (!foldersSync) return
  const descriptor = openSync(dir, 'r')
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (errorCode(error) !== 'EINVAL') throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a folder for the operator alone where there is none. A link to a folder is as good as a folder here. */
export async function makePrivateFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    if ((await stat(dir)).isDirectory()) return
  } catch (error) {
    throw diskFailure(error, `The folder ${dir} could not be made`)
  }
  throw new LifeboatFailure('folder-refused', `${dir} is no folder.`)
}

/** One folder below `parent`, made when missing. A link in its place is refused: it could lead anywhere. */
export async function makeFolderInside(parent: string, name: string): Promise<string> {
  const dir = join(parent, name)
  try {
    await mkdir(dir, { mode: 0o700 })
    await syncFolder(parent)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw diskFailure(error, `The folder ${dir} could not be made`)
  }
  if ((await lstat(dir)).isDirectory()) return dir
  throw new LifeboatFailure('folder-refused', `${dir} is a link or a file where a folder of copies should be.`)
}

/** Throws `folder-refused` (or `disk-full`) unless a file can really be written there; makes the folder when missing. */
export async function requireWritableFolder(dir: string): Promise<void> {
  await makePrivateFolder(dir)
  // permission bits alone say little: read-only mounts, quotas and Windows have rules of their own
  const probe = join(dir, `.lifeboat-probe-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    const handle = await open(probe, 'wx', 0o600)
    try {
      await handle.writeFile('x')
    } finally {
      await handle.close()
      await unlink(probe)
    }
  } catch (error) {
    throw diskFailure(error, `Nothing can be written into ${dir}`)
  }
}

/**
 * As `requireWritableFolder`, and makes nothing: where the folder is not there yet, the nearest one above it must let it be
 * made. Throws `folder-refused` or `disk-full`.
 */
export async function requireWritablePlace(dir: string): Promise<'there' | 'not yet'> {
  const what = `The folder ${dir} could not be made`
  try {
    const nearest = await nearestThere(dir)
    if (nearest === dir) {
      await requireWritableFolder(dir)
      return 'there'
    }
    if (!(await stat(nearest)).isDirectory())
      throw new LifeboatFailure('folder-refused', `${what}: ${nearest} is no folder.`)
    await access(nearest, constants.W_OK | constants.X_OK)
    return 'not yet'
  } catch (error) {
    throw diskFailure(error, what)
  }
}

/** The path itself or the first one above it under whose name there is anything, be it a link that leads nowhere. */
async function nearestThere(path: string): Promise<string> {
  try {
    await lstat(path)
    return path
  } catch (error) {
    const above = dirname(path)
    if (above === path || !['ENOENT', 'ENOTDIR'].includes(errorCode(error))) throw error
    return nearestThere(above)
  }
}
