import { lstatSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode } from '#engine/disk/failure.ts'
import { replaceFileNow } from '#engine/disk/file.ts'
import { readmeText } from './readme.ts'
import type { CopyShelf } from './shelf.ts'
import { sumsText } from './sums.ts'

export const readmeName = 'READ-ME-FIRST.txt'
export const sumsName = 'SHA256SUMS'

/**
 * Brings READ-ME-FIRST.txt up to date, and SHA256SUMS in the folders of the given files.
 * While it writes, no other process can change the catalogue: of two that do this at once, the later one knows of both.
 */
export async function refreshGuides(shelf: CopyShelf, copiesDir: string, files: readonly string[]): Promise<void> {
  shelf.exclusively(() => {
    for (const folder of new Set(files.map((file) => dirname(file)))) {
      const sums = join(folder, sumsName)
      const mine = shelf.copies.inFolder(folder).map(({ file, sha256 }) => ({ name: basename(file), sha256 }))
      const there = readIfThere(sums)
      const text = sumsText(mine, there ?? '', (name) => isFile(join(folder, name)))
      if (text !== (there ?? '') && isFolder(folder)) replaceFileNow(sums, text)
    }
    const readme = join(copiesDir, readmeName)
    const text = readmeText(shelf.copies.guide(), copiesDir)
    if (text !== readIfThere(readme) && isFolder(copiesDir)) replaceFileNow(readme, text)
  })
}

function readIfThere(path: string): string | null {
  // reading a pipe that somebody put there would never end
  if (!isFile(path)) return null
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'].includes(errorCode(error))) return null
    throw error
  }
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
