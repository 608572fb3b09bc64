import { lstat, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CopyRow, Manifest } from '#shared/copy.ts'
import { errorCode } from '#engine/disk/failure.ts'
import { isSameFile, removeFile } from '#engine/disk/file.ts'
import { hashFile } from '#engine/disk/hash.ts'
import { place } from './commit.ts'
import { claimedCommitName, ownHidden, partName } from './hidden.ts'
import { manifestEnding, manifestName, readManifest } from './manifest.ts'
import type { CopyShelf } from './shelf.ts'

type Left = {
  /** hidden file with the manifest */
  note: string
  token: string
  /** hidden file with the bytes; null when it has got its name already */
  part: string | null
  shelf: CopyShelf
}

/**
 * Brings the commit of a dead process to its end when its bytes are, by their SHA-256, the whole dump that its manifest
 * tells of; removes all of it when they are not.
 * @returns the copy; null when there is none, or when another process has taken this up
 */
export async function takeUpCommit({ note, token, part, shelf }: Left): Promise<CopyRow | null> {
  const folder = dirname(note)
  const mine = join(folder, claimedCommitName(token))
  ownHidden.add(mine)
  try {
    if (!(await claim(note, mine))) return null
    const manifest = await readManifest(mine).catch(() => null)
    const done = manifest && (await placedBefore(manifest, mine))
    const bytes = done || manifest === null ? null : await wholeBytes(manifest, folder, part)
    if (manifest && bytes !== null) {
      const { file: _file, ...draft } = manifest
      const placed = await place({ part: bytes, note: mine, manifest: draft, ...splitFile(manifest.file) })
      return await finish(shelf, placed.manifest, placed.manifestFile, [bytes, mine, part])
    }
    if (done) return await finish(shelf, manifest, done, [mine, part])
    if (part) await removeFile(part)
    await removeFile(mine)
    return null
  } finally {
    ownHidden.delete(mine)
  }
}

async function claim(note: string, mine: string): Promise<boolean> {
  try {
    await rename(note, mine)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Its last rename was done: only the tidying was not. @returns the file of its manifest */
async function placedBefore(manifest: Manifest, note: string): Promise<string | null> {
  const manifestFile = join(dirname(note), manifestName(manifest.file))
  if (await isSameFile(note, manifestFile)) return manifestFile
  return null
}

/** The bytes, hidden again, when they are the ones of the manifest; null when not, and then no half of them has a name. */
async function wholeBytes(manifest: Manifest, folder: string, part: string | null): Promise<string | null> {
  const named = join(folder, manifest.file)
  if (part !== null) {
    if (await isSameFile(part, named)) await removeFile(named)
    else if (await isReserved(named, manifest)) await removeFile(named)
    return (await isWhole(part, manifest)) ? part : null
  }
  // without hard links the part file itself has got the name; another copy of that name would have a manifest
  const manifestFile = join(folder, manifestName(manifest.file))
  const taken = await lstat(manifestFile).catch(() => null)
  // empty, it only holds the name of our manifest
  if (taken?.isFile() && taken.size === 0) await removeFile(manifestFile)
  else if (taken) return null
  if (!(await isWhole(named, manifest))) return null
  const hidden = join(folder, partName(''))
  await rename(named, hidden)
  return hidden
}

/** An empty file that only held the name. */
async function isReserved(named: string, { bytes, file }: Manifest): Promise<boolean> {
  const found = await lstat(named).catch(() => null)
  const other = await lstat(join(dirname(named), manifestName(file))).catch(() => null)
  return bytes > 0 && found !== null && found.isFile() && found.size === 0 && other === null
}

async function isWhole(path: string, manifest: Manifest): Promise<boolean> {
  const read = await hashFile(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  })
  return read !== null && read.bytes === manifest.bytes && read.sha256 === manifest.sha256
}

async function finish(
  shelf: CopyShelf,
  manifest: Manifest,
  manifestFile: string,
  left: readonly (string | null)[],
): Promise<CopyRow> {
  const row = shelf.exclusively(() => shelf.copies.put(manifest, manifestFile))
  for (const path of left) if (path !== null) await removeFile(path)
  return row
}

function splitFile(file: string): { stem: string; extension: string } {
  const stem = basename(manifestName(file), manifestEnding)
  return { stem, extension: file.slice(stem.length + 1) }
}
