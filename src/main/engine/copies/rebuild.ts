import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Manifest } from '#shared/copy.ts'
import { dumpEnding } from '#shared/dump-name.ts'
import { toFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { foldersOfCopies, isInside } from './folders.ts'
import { refreshGuides } from './guides.ts'
import { lookAtCopies } from './integrity.ts'
import { manifestEnding, manifestName, readManifest } from './manifest.ts'
import type { CopyShelf, ShelvedFile } from './shelf.ts'

type Found = { manifest: Manifest; manifestFile: string; version: Version | null }
/** Tells one writing of a manifest from the next, which always is a new file. */
type Version = { text: string; modifiedMs: number }
type Scan = { found: Found[]; problems: string[] }
/** So often a rebuild begins anew because manifests were written while it read them. */
const mostScans = 10

/**
 * Makes the catalogue's list of copies anew from the manifests in the folders of copies, and looks at every file.
 * Nothing on the disk is changed but READ-ME-FIRST.txt and SHA256SUMS.
 * @param dirs the folder of the copies, then folders that were used before
 * @returns what could not be taken in, one sentence each
 */
export async function rebuildCatalogue(
  shelf: CopyShelf,
  dirs: readonly string[],
): Promise<{ copies: number; problems: string[] }> {
  const { found, problems } = await takeAllIn(shelf, dirs)
  await lookAtCopies(shelf)
  for (const { id } of shelf.copies.files().filter(({ look }) => look !== 'same')) {
    const copy = shelf.copies.get(id)
    const seen = copy?.proofs.find(({ rung }) => rung === 'stored')
    if (copy && seen) problems.push(`${printable(basename(copy.file))}: ${seen.detail}`)
  }
  const files = found.map(({ manifest, manifestFile }) => join(manifestFile, '..', manifest.file))
  const [first] = dirs
  if (first !== undefined) await refreshGuides(shelf, first, files)
  return { copies: found.length, problems }
}

/**
 * Rows of copies that came while the manifests were read stay, and those of a folder that is not there: its disk may be
 * connected again. A manifest that was written meanwhile is read anew: its newest proof may be that it is damaged.
 */
async function takeAllIn(shelf: CopyShelf, dirs: readonly string[]): Promise<Scan> {
  for (let scans = 1; ; scans++) {
    const before = shelf.copies.files()
    const { missing, unread } = await awayOf(dirs)
    const isAway = ({ manifestFile }: ShelvedFile) => [...missing, ...unread].some((dir) => isInside(dir, manifestFile))
    const { found, problems } = await scanManifests(dirs, new Set())
    const there = new Set(found.map(({ manifest }) => manifest.id))
    const gone = before.filter((file) => !there.has(file.id) && !isAway(file))
    const taken = shelf.exclusively(() => {
      if (scans < mostScans && found.some((one) => versionNow(one.manifestFile)?.text !== one.version?.text))
        return false
      for (const { id } of gone) shelf.copies.remove(id)
      for (const { manifest, manifestFile, version } of found) {
        // nothing that was seen of the file before is taken over: it is looked at anew
        shelf.copies.remove(manifest.id)
        shelf.copies.put(manifest, manifestFile, version?.modifiedMs)
      }
      return true
    })
    if (!taken) continue
    for (const dir of missing.filter((one) => before.some(({ manifestFile }) => isInside(one, manifestFile))))
      problems.push(`${printable(dir)} is not there. Is its disk connected? Its copies stay in the list.`)
    return { found, problems }
  }
}

/** Folders of which nobody can tell now what is in them. */
async function awayOf(dirs: readonly string[]): Promise<{ missing: string[]; unread: string[] }> {
  const seen = await Promise.all([...new Set(dirs)].map(async (dir) => ({ dir, ...(await foldersOfCopies(dir)) })))
  const missing = seen.filter(({ folders, unread }) => folders.length === 0 && unread.length === 0)
  return { missing: missing.map(({ dir }) => dir), unread: seen.flatMap(({ unread }) => unread) }
}

function versionNow(manifestFile: string): Version | null {
  const found = statSync(manifestFile, { throwIfNoEntry: false })
  if (!found) return null
  const { ino, mtimeMs, size } = found
  return { text: `${ino} ${mtimeMs} ${size}`, modifiedMs: mtimeMs }
}

/**
 * Reads all manifests of the folders but those that are known.
 * A dump without one is no copy: it is told of and never touched.
 */
export async function scanManifests(dirs: readonly string[], known: ReadonlySet<string>): Promise<Scan> {
  const found: Found[] = []
  const problems: string[] = []
  const ids = new Map<string, string>()
  const seen = await Promise.all([...new Set(dirs)].map((dir) => foldersOfCopies(dir)))
  for (const dir of new Set(seen.flatMap(({ unread }) => unread)))
    problems.push(`${printable(dir)} could not be read. Copies in it that are in the list stay there.`)
  for (const folder of new Set(seen.flatMap(({ folders }) => folders))) {
    const names = await readdir(folder)
    const files = new Set<string>()
    for (const name of names.filter((each) => each.endsWith(manifestEnding) && !each.startsWith('.'))) {
      const manifestFile = join(folder, name)
      if (known.has(manifestFile)) continue
      try {
        const version = versionNow(manifestFile)
        const manifest = await readManifest(manifestFile)
        // two manifests of one file would be two copies: removing one of them would take the other's bytes
        if (manifestName(manifest.file).normalize('NFC') !== name.normalize('NFC')) {
          problems.push(`${printable(name)} names ${printable(manifest.file)}, whose manifest it is not.`)
          continue
        }
        files.add(manifest.file)
        const other = ids.get(manifest.id)
        if (other !== undefined) problems.push(`${printable(name)}: the same copy is also in ${printable(other)}.`)
        else found.push({ manifest, manifestFile, version })
        ids.set(manifest.id, manifestFile)
      } catch (error) {
        problems.push(toFailure(error).message)
      }
    }
    if (known.size > 0) continue
    for (const name of names.filter((each) => dumpEnding.test(each) && !each.startsWith('.') && !files.has(each))) {
      problems.push(`${printable(name)} has no manifest: it is not counted as a copy.`)
    }
  }
  return { found, problems }
}
