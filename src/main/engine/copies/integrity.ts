import { lstatSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Stats } from 'node:fs'
import type { Manifest } from '#shared/copy.ts'
import { toFailure } from '#shared/failure.ts'
import { errorCode } from '#engine/disk/failure.ts'
import { hashFile } from '#engine/disk/hash.ts'
import { readmeName } from './guides.ts'
import { readManifest, whyForeign } from './manifest.ts'
import type { CopyShelf, Look, ShelvedFile } from './shelf.ts'

type Seen = { look: Look; detail: string; modifiedMs?: number; manifestMs?: number }
/** What is to be written of a file. `manifest`: it is not the one that the row was made from. */
type Sight = Seen & { file: ShelvedFile; manifest?: Manifest }

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
    const news = (await Promise.all(group.map((file) => sightOf(file, budget)))).filter(isNews)
    if (news.length === 0) continue
    const at = shelf.now().toISOString()
    shelf.exclusively(() => news.forEach((sight) => write(shelf, sight, at)))
    changed.push(...news.filter(saysMore).map(({ file }) => file.id))
  }
  return changed
}

function isNews(sight: Sight): boolean {
  return saysMore(sight) || (sight.file.manifestModifiedMs === null && sight.manifestMs !== undefined)
}

function saysMore({ file, look, modifiedMs, manifest }: Sight): boolean {
  return (
    manifest !== undefined || look !== file.look || (modifiedMs !== undefined && modifiedMs !== file.seenModifiedMs)
  )
}

function write(shelf: CopyShelf, { file, manifest, manifestMs, ...seen }: Sight, at: string): void {
  // it was removed meanwhile, or written again: the next look knows
  const time = timeOf(file.manifestFile)
  if (!shelf.copies.get(file.id) || (manifest !== undefined && time !== manifestMs)) return
  if (manifest !== undefined) shelf.copies.put(manifest, file.manifestFile, time)
  else if (file.manifestModifiedMs === null && manifestMs !== undefined) shelf.copies.noteManifest(file.id, manifestMs)
  // red stays red when its disk comes back, also after a look could not tell
  const wasRed = file.look === 'changed' && seen.look === 'unsure' && seen.modifiedMs === undefined
  shelf.copies.saw(file.id, { ...seen, ...(wasRed ? { modifiedMs: -Math.abs(file.seenModifiedMs) } : {}), at })
}

/** Undefined where it can not be seen, whatever the reason. */
function timeOf(file: string): number | undefined {
  try {
    return lstatSync(file).mtimeMs
  } catch {
    return undefined
  }
}

/** Looks at the file, and reads its manifest where that was written since the row was made. */
async function sightOf(file: ShelvedFile, budget: { bytes: number }): Promise<Sight> {
  const seen = await lookAt(file, budget)
  const { manifestMs } = seen
  const known = file.manifestModifiedMs
  if (manifestMs === undefined || known === null || isTime(manifestMs, known)) return { file, ...seen }
  const manifest = await readManifest(file.manifestFile).catch((error: unknown) => toFailure(error).message)
  const wrong = typeof manifest === 'string' ? manifest : whyForeign(manifest, file)
  if (typeof manifest !== 'string' && wrong === null) return { file, ...seen, manifest }
  return { file, ...(seen.look === 'changed' ? seen : { look: 'unsure', detail: wrong ?? '' }) }
}

async function lookAt(file: ShelvedFile, budget: { bytes: number }): Promise<Seen> {
  try {
    const found = await lstat(file.file)
    const changed = (detail: string): Seen => ({ look: 'changed', detail, modifiedMs: -found.mtimeMs })
    if (found.isSymbolicLink()) return changed('A link lies in the place of the file.')
    if (!found.isFile()) return changed('Something that is no file lies in its place.')
    if (found.size !== file.bytes) return changed(`The file holds ${found.size} bytes; ${file.bytes} were stored.`)
    const manifest = await lstat(file.manifestFile)
    if (!manifest.isFile()) return noManifest
    const manifestMs = manifest.mtimeMs
    const untouched = isTime(found.mtimeMs, Math.abs(file.seenModifiedMs))
    if (untouched && file.look === 'changed') return { look: 'changed', detail: '', manifestMs }
    // a disk that was away, a manifest that could not be read: what was known of the file before is true again, unless an
    // older Lifeboat has kept that, which did not tell a time of red from one of green
    const isKnown = file.look !== 'missing' && (file.look === 'same' || file.manifestModifiedMs !== null)
    if (untouched && isKnown) return { ...knownOf(file), manifestMs }
    return { ...(await readAgain(file, found, budget)), manifestMs }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') {
      const reason = error instanceof Error ? error.message : String(error)
      return { look: 'unsure', detail: `The file can not be looked at: ${reason}` }
    }
    return whyMissing(file)
  }
}

function knownOf({ seenModifiedMs }: ShelvedFile): Seen {
  if (seenModifiedMs >= 0) return { look: 'same', detail: '' }
  return { look: 'changed', detail: 'The file is no longer what was stored.' }
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
  const detail = `The file was changed: its SHA-256 is ${sha256.slice(0, 12)}… now.`
  return { look: 'changed', detail, modifiedMs: -modifiedMs }
}

/** FAT keeps times in steps of two seconds, some network disks in whole ones. */
function isTime(mtimeMs: number, seenMs: number): boolean {
  const coarse = [1000, 2000].flatMap((step) => [Math.floor(seenMs / step) * step, Math.ceil(seenMs / step) * step])
  return Math.abs(mtimeMs - seenMs) < 1 || coarse.includes(mtimeMs)
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
