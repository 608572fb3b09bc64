import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Part } from '#engine/copies/part.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import { giveName } from '#engine/disk/file.ts'
import { syncFolder } from '#engine/disk/folder.ts'
import { sealExtension, sealStems } from './names.ts'
import { recordFile } from './record.ts'

/**
 * Gives a part file that is on the disk and proven the first name that nobody has; an earlier seal is never overwritten.
 * From here on it is a seal. A process that dies before leaves a hidden part file, which the next start removes.
 * @param stamp YYYYMMDD_HHMMSS, as the name is to say it
 */
export async function placeSeal(part: Part, stamp: string): Promise<{ folder: string; name: string }> {
  const folder = dirname(part.path)
  try {
    for (const stem of sealStems(stamp)) {
      const name = `${stem}${sealExtension}`
      const file = join(folder, name)
      // a record without its seal would speak of another file
      if ((await exists(recordFile(file))) || !(await giveName(part.path, file))) continue
      await syncFolder(folder)
      return { folder, name }
    }
  } catch (error) {
    throw diskFailure(error, 'The seal could not be put in its place')
  }
  throw new LifeboatFailure('name-taken', `There are a hundred seals of ${stamp} already.`)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
