import { lstat, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CopyRow, Manifest } from '#shared/copy.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import { giveName, isSameFile, removeFile, replaceFile } from '#engine/disk/file.ts'
import { syncFolder } from '#engine/disk/folder.ts'
import { refreshGuides } from './guides.ts'
import { commitName, ownHidden } from './hidden.ts'
import { manifestName, manifestText } from './manifest.ts'
import { fileExtension, fileStem } from './names.ts'
import type { Part } from './part.ts'
import { patiently } from './patiently.ts'
import type { CopyShelf } from './shelf.ts'

export type Commit = {
  part: Part
  copiesDir: string
  /** name of the file without its extension; a name that is taken gets `-2` */
  stem: string
  extension: string
  manifest: Omit<Manifest, 'file'>
  catalogue: CopyShelf
  /** told when the copy is safe, but READ-ME-FIRST.txt or SHA256SUMS could not be brought up to date */
  onProblem?: (sentence: string) => void
}

/**
 * Makes a part file a copy. Before anything gets a name that can be seen, the bytes and the whole manifest are on the
 * disk; the manifest's rename is the last one. A process that dies in between leaves a hidden file that says what was
 * under way, and `recoverStore` brings that to its end or removes all of it.
 */
export async function commitCopy(commit: Commit): Promise<CopyRow> {
  const { part, copiesDir, manifest, catalogue, onProblem } = commit
  if (part.bytes !== manifest.bytes) {
    throw new LifeboatFailure('disk-failed', `${part.bytes} bytes were written of a dump of ${manifest.bytes}.`)
  }
  await part.finish(new Date(manifest.takenAt))
  const note = join(dirname(part.path), commitName(basename(part.path)))
  ownHidden.add(note)
  try {
    const wanted = { stem: commit.stem, extension: commit.extension }
    const placed = await place({ part: part.path, note, manifest, ...wanted })
    const row = await listed(catalogue, placed)
    await part.discard()
    await removeFile(note)
    await refreshGuides(catalogue, copiesDir, [row.file]).catch((error: unknown) => {
      onProblem?.(`READ-ME-FIRST.txt or SHA256SUMS could not be brought up to date: ${toFailure(error).message}`)
    })
    return row
  } catch (error) {
    await removeFile(note).catch(() => {})
    throw error
  } finally {
    ownHidden.delete(note)
  }
}

/** The copy is safe by now: that the list is held by somebody for a while must not make it a failure. */
async function listed(catalogue: CopyShelf, placed: Placed): Promise<CopyRow> {
  try {
    return await patiently(() =>
      catalogue.exclusively(() => catalogue.copies.put(placed.manifest, placed.manifestFile)),
    )
  } catch (error) {
    const { kind, message } = toFailure(error)
    const safe = `${placed.manifest.file} is safe, and the list of copies could not be written. The next start takes it in.`
    throw new LifeboatFailure(kind, `${safe} ${message}`, { cause: error })
  }
}

type Placed = { manifest: Manifest; manifestFile: string }

export type Placing = {
  /** hidden file with the bytes, on the disk already */
  part: string
  /** hidden file for the manifest */
  note: string
  stem: string
  extension: string
  manifest: Omit<Manifest, 'file'>
}

/**
 * Gives the bytes and their manifest names that nobody has. Afterwards both are copies of the hidden files (the same
 * bytes under two names), or have taken their place where the file system knows no hard links.
 */
export async function place(placing: Placing): Promise<Placed> {
  const { part, note } = placing
  const folder = dirname(part)
  let named: string | null = null
  let told: string | null = null
  try {
    for (let n = 1; ; n += 1) {
      const file = numbered(placing, n)
      const manifestFile = join(folder, manifestName(file))
      if ((await exists(join(folder, file))) || (await exists(manifestFile))) continue
      const manifest = { ...placing.manifest, file }
      await replaceFile(note, manifestText(manifest))
      if (!(await giveName(part, join(folder, file)))) continue
      named = join(folder, file)
      await syncFolder(folder)
      if (await giveName(note, manifestFile)) {
        told = manifestFile
        await syncFolder(folder)
        return { manifest, manifestFile }
      }
      // another one with the same stem and another extension was faster
      await takeBack(named, part)
      named = null
    }
  } catch (error) {
    // the manifest first: one without its file would be a copy that is lost
    if (told) await removeFile(told).catch(() => {})
    if (named) await takeBack(named, part).catch(() => {})
    throw diskFailure(error, 'The copy could not be put in its place')
  }
}

function numbered({ stem, extension }: Placing, n: number): string {
  return `${fileStem(stem)}${n === 1 ? '' : `-${n}`}.${fileExtension(extension)}`
}

/** Takes the name away again; the bytes stay in the part file. */
async function takeBack(named: string, part: string): Promise<void> {
  if (await isSameFile(named, part)) await removeFile(named)
  else if (!(await exists(part))) await rename(named, part)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
