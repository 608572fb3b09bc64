import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Stats } from 'node:fs'
import { errorCode } from '#engine/disk/failure.ts'
import { hashFile } from '#engine/disk/hash.ts'
import { toFailure } from '#shared/failure.ts'
import { readmeName } from './guides.ts'
import { readManifestNow } from './manifest.ts'
import type { CopyShelf, Look, ShelvedFile } from './shelf.ts'

type Seen = { look: Look; detail: string; modifiedMs?: number }
/** `newManifest`: it is not the one that the row was made from */
type Sight = Seen & { newManifest?: boolean }

/** About a second of reading: what one look may take for files that seem to have been touched. */
const readAtOnceBytes = 1024 * 1024 * 1024
const atOnce = 64

/**
 * Looks whether the files of copies are still what was stored, by size and time of modification; files that were touched
 * are read, as far as that takes a second or so. What was seen goes into the catalogue: what was edited, removed or
 * replaced behind our back shows as damaged, and what can not be told yet shows as not checked.
 * Rot of the disk changes neither size nor time: only reading it all again (`check`) finds that. Inodes are not looked at:
 * FAT and network disks make up new ones each time.
 * A manifest that was written since the row was made is read: a process that died may have written down there, and nowhere
 * else, that the copy is damaged.
 * @returns ids of copies of which something else is true now
 */
export async function lookAtCopies(shelf: CopyShelf, id?: string): Promise<string[]> {
  const files = shelf.copies.files(id)
  const budget = { bytes: readAtOnceBytes }
  const changed: string[] = []
  for (let index = 0; index < files.length; index += atOnce) {
    const group = files.slice(index, index + atOnce)
    const seen = await Promise.all(group.map(async (file) => ({ file, ...(await lookAt(file, budget)) })))
    const news = seen.filter(
      ({ file, look, modifiedMs, newManifest }) =>
        newManifest || look !== file.look || (modifiedMs !== undefined && modifiedMs !== file.seenModifiedMs),
    )
    if (news.length === 0) continue
    const at = shelf.now().toISOString()
    shelf.exclusively(() => {
      for (const { file, newManifest, ...what } of news)
        shelf.copies.saw(file.id, { ...what, ...(newManifest ? readAnew(shelf, file) : {}), at })
    })
    changed.push(...news.map(({ file }) => file.id))
  }
  return changed
}

/** Brings the row up to what its manifest says. @returns what is wrong with the manifest, if anything */
function readAnew(shelf: CopyShelf, file: ShelvedFile): Seen | Record<string, never> {
  try {
    const manifest = readManifestNow(file.manifestFile)
    if (manifest.id !== file.id || manifest.sha256 !== file.sha256) {
      return { look: 'unsure', detail: 'The manifest beside this copy is not its own any more.' }
    }
    shelf.copies.put(manifest, file.manifestFile)
    return {}
  } catch (error) {
    return { look: 'unsure', detail: toFailure(error).message }
  }
}

async function lookAt(file: ShelvedFile, budget: { bytes: number }): Promise<Sight> {
  try {
    const found = await lstat(file.file)
    const changed = (detail: string): Seen => ({ look: 'changed', detail, modifiedMs: found.mtimeMs })
    if (found.isSymbolicLink()) return changed('A link lies in the place of the file.')
    if (!found.isFile()) return changed('Something that is no file lies in its place.')
    if (found.size !== file.bytes) return changed(`The file holds ${found.size} bytes; ${file.bytes} were stored.`)
    const manifest = await lstat(file.manifestFile)
    if (!manifest.isFile()) return noManifest
    const newManifest = file.manifestModifiedMs === null || !isTime(manifest, file.manifestModifiedMs)
    const untouched = isTime(found, file.seenModifiedMs)
    if (untouched && (file.look === 'same' || file.look === 'changed'))
      return { look: file.look, detail: '', newManifest }
    return { ...(await readAgain(file, found, budget)), newManifest }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') {
      const reason = error instanceof Error ? error.message : String(error)
      return { look: 'unsure', detail: `The file can not be looked at: ${reason}` }
    }
    return whyMissing(file)
  }
}

const noManifest: Seen = {
  look: 'unsure',
  detail: 'The manifest of this copy is gone: nothing tells what it should be.',
}

/** A disk that is not plugged in is no loss. */
async function whyMissing(file: ShelvedFile): Promise<Seen> {
  if (await isThere(file.file)) return noManifest
  const root = dirname(dirname(file.folder))
  if ((await isThere(file.folder)) || (await isThere(join(root, readmeName)))) {
    return { look: 'missing', detail: 'The file is gone.' }
  }
  return { look: 'unsure', detail: `The folder ${root} is not there or empty. Is its disk connected?` }
}

/** The file was touched, or was not well before: only its content can tell. */
async function readAgain(file: ShelvedFile, found: Stats, budget: { bytes: number }): Promise<Seen> {
  if (found.size > budget.bytes) {
    // red does not turn grey because there is no time to read
    if (file.look === 'changed') return { look: 'changed', detail: '' }
    return {
      look: 'unsure',
      detail: 'The file was touched since it was stored. Check it to see whether it is the same.',
    }
  }
  budget.bytes -= found.size
  const { sha256 } = await hashFile(file.file)
  const modifiedMs = found.mtimeMs
  if (sha256 === file.sha256) return { look: 'same', detail: '', modifiedMs }
  return { look: 'changed', detail: `The file was changed: its SHA-256 is ${sha256.slice(0, 12)}… now.`, modifiedMs }
}

/** FAT keeps times in steps of two seconds, some network disks in whole ones. */
function isTime({ mtimeMs }: Stats, seenMs: number): boolean {
  const coarse = [1000, 2000].flatMap((step) => [Math.floor(seenMs / step) * step, Math.ceil(seenMs / step) * step])
  return Math.abs(mtimeMs - seenMs) < 1 || coarse.includes(mtimeMs)
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
