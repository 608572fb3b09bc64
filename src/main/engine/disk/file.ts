import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { link, lstat, open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure, errorCode } from './failure.ts'
import { syncFolder, syncFolderNow } from './folder.ts'
import { isProcess } from './process.ts'

/** Begin of the names of files that are only on their way; what a dead process has left of them is swept. */
const temporaryPrefix = '.lifeboat-temp-'

function temporaryBeside(path: string): string {
  return join(dirname(path), `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`)
}

/** The process that was writing a file of this name; null for every other name. */
export function writerOf(name: string): number | null {
  const [, pid] = /^\.lifeboat-temp-(\d+)-/.exec(name) ?? []
  return pid === undefined ? null : Number(pid)
}

/**
 * Removes what dead processes were writing into a folder with replaceFileNow. Our own number is a dead one's too: what we
 * write is written in one go.
 */
export function sweepTemporaryNow(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = writerOf(name)
    if (pid !== null && (pid === process.pid || !isProcess(pid))) removeNow(join(dir, name))
  }
}

/** A new file for the operator alone; fails with EEXIST where there is one already, also a link. */
export function createExclusive(path: string): Promise<FileHandle> {
  return open(path, 'wx+', 0o600)
}

/** Writes a new file and does not return before it is on the disk. */
export async function writeNewFile(path: string, text: string | Uint8Array): Promise<void> {
  const handle = await createExclusive(path)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } catch (error) {
    await unlink(path).catch(() => {})
    throw error
  } finally {
    await handle.close()
  }
}

/**
 * Gives a file the content `text`: after a crash at any moment it holds either the old content or the new, whole.
 * @throws LifeboatFailure disk-full, disk-failed, folder-refused
 */
export async function replaceFile(path: string, text: string | Uint8Array): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await writeNewFile(temporary, text)
    try {
      await rename(temporary, path)
    } catch (error) {
      await unlink(temporary).catch(() => {})
      throw error
    }
    await syncFolder(dirname(path))
  } catch (error) {
    throw diskFailure(error, `${basename(path)} could not be written`)
  }
}

/**
 * The first half of replaceFile: the new content is on the disk, under a name of its own. `putInPlace` does the rest in
 * one go, inside a transaction of the catalogue; `drop` takes it away where it is not wanted any more.
 */
export async function stageFile(path: string, text: string): Promise<{ putInPlace(): void; drop(): Promise<void> }> {
  const temporary = temporaryBeside(path)
  const failed = (error: unknown): LifeboatFailure => diskFailure(error, `${basename(path)} could not be written`)
  await writeNewFile(temporary, text).catch((error: unknown) => {
    throw failed(error)
  })
  return {
    putInPlace() {
      try {
        renameSync(temporary, path)
        syncFolderNow(dirname(path))
      } catch (error) {
        throw failed(error)
      }
    },
    drop: () => unlink(temporary).catch(() => {}),
  }
}

/** The same in one go, for files that are written inside a transaction of the catalogue. */
export function replaceFileNow(path: string, text: string): void {
  const temporary = temporaryBeside(path)
  try {
    const descriptor = openSync(temporary, 'wx', 0o600)
    try {
      try {
        writeFileSync(descriptor, text)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
      renameSync(temporary, path)
    } catch (error) {
      removeNow(temporary)
      throw error
    }
    syncFolderNow(dirname(path))
  } catch (error) {
    throw diskFailure(error, `${basename(path)} could not be written`)
  }
}

/**
 * Lets the file `from` be found under `to` as well, if nothing is there. Of two processes that want the same name,
 * exactly one gets it.
 * @returns false when the name is taken
 */
export async function giveName(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    if (!noHardLinks.has(errorCode(error))) throw error
    return moveIntoReserved(from, to)
  }
}

/** What exFAT, FAT and some network disks answer to a hard link. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/** Without hard links: an empty file reserves the name, then the real one takes its place. `from` is gone afterwards. */
async function moveIntoReserved(from: string, to: string): Promise<boolean> {
  try {
    await (await createExclusive(to)).close()
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    await rename(from, to)
    return true
  } catch (error) {
    await unlink(to).catch(() => {})
    throw error
  }
}

/** Whether two names lead to the very same file. False when one of them is missing. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => lstat(path, { bigint: true }).catch(() => null)))
  return !!first && !!second && first.isFile() && first.ino === second.ino && first.dev === second.dev
}

/** Removes a file; one that is gone already is fine. */
export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error
  })
}

function removeNow(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // the first error is the one to tell
  }
}
