import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure, errorCode } from './failure.ts'

/** Kept free beside what a copy needs: for its manifest, the catalogue, and the rest of the computer. */
const reserveBytes = 64 * 1024 * 1024

/** Bytes that this user may still write on the disk of a folder; the folder itself need not exist yet. */
export async function freeBytes(dir: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(dir)
    return bavail * bsize
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && dirname(dir) !== dir) return freeBytes(dirname(dir))
    throw diskFailure(error, `The free space of ${dir} could not be read`)
  }
}

/** Throws `disk-full` before the work begins rather than in its midst. `bytes`: what is going to be written. */
export async function requireSpace(dir: string, bytes: number): Promise<void> {
  const free = await freeBytes(dir)
  if (free >= bytes + reserveBytes) return
  const inMb = (count: number): string => `${Math.ceil(count / 1e6)} MB`
  throw new LifeboatFailure('disk-full', `${inMb(bytes + reserveBytes)} are needed in ${dir}, ${inMb(free)} are free.`)
}
