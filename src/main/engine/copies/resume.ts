import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '#engine/disk/failure.ts'
import { removeFile, replaceFile } from '#engine/disk/file.ts'
import { makeFolderInside } from '#engine/disk/folder.ts'
import { resumeFolder } from './folders.ts'

/** The file on the server, as it was when the pull began. */
export type ResumeOrigin = { path: string; bytes: number; modifiedAt: string }
type Whose = ResumeOrigin & { server: string; label: string }

const keptForMs = 7 * 24 * 3600 * 1000

const noteSchema = z.object({
  lifeboat: z.literal(1),
  server: z.string(),
  label: z.string(),
  path: z.string(),
  bytes: z.number(),
  modifiedAt: z.string(),
  keptAt: z.iso.datetime(),
})

/** The same for the same backup of the same database, and for nothing else. */
export function resumeKey({ server, label, path, bytes, modifiedAt }: Whose): string {
  const what = JSON.stringify([server, label, path, bytes, modifiedAt])
  return createHash('sha256').update(what).digest('hex').slice(0, 32)
}

function places(copiesDir: string, key: string): { bytes: string; note: string } {
  const folder = join(copiesDir, resumeFolder)
  return { bytes: join(folder, `${key}.bytes`), note: join(folder, `${key}.json`) }
}

/**
 * Brings what an earlier try has left to `path`. Of two processes only one gets it: the rename decides.
 * @returns its bytes; 0 when there is nothing to go on with, and then nothing is at `path`
 */
export async function takeUp(path: string, copiesDir: string, what: Whose): Promise<number> {
  const { bytes: from, note } = places(copiesDir, resumeKey(what))
  try {
    await rename(from, path)
    await removeFile(note)
    const found = await lstat(path)
    if (found.isFile() && found.size > 0 && found.size <= what.bytes) return found.size
    await removeFile(path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  return 0
}

/** Lays a part file aside, with a note of what it is. Its bytes need no fsync: they are proven before they are used. */
export async function layAside(path: string, copiesDir: string, what: Whose, bytes: number, now: Date): Promise<void> {
  if (bytes === 0) return
  await makeFolderInside(copiesDir, resumeFolder)
  const place = places(copiesDir, resumeKey(what))
  const note = { lifeboat: 1, ...what, keptAt: now.toISOString() }
  await replaceFile(place.note, `${JSON.stringify(note, null, 1)}\n`)
  await rename(path, place.bytes)
}

/** Removes what nobody has gone on with for seven days, and what nobody could go on with. */
export async function sweepResumes(copiesDir: string, now: Date): Promise<void> {
  const folder = join(copiesDir, resumeFolder)
  const names = new Set(await readdir(folder).catch(() => []))
  const keys = new Set([...names].map((name) => name.replace(/\.(?:bytes|json)$/, '')))
  for (const key of keys) {
    const note = await readNote(join(folder, `${key}.json`))
    // a clock that was set back makes it young again: it is kept a little longer, that is all
    const young = note !== null && now.getTime() - Date.parse(note.keptAt) < keptForMs
    if (young && names.has(`${key}.bytes`)) continue
    for (const ending of ['.bytes', '.json', '']) {
      if (names.has(`${key}${ending}`)) await removeFile(join(folder, `${key}${ending}`))
    }
  }
}

async function readNote(path: string): Promise<z.infer<typeof noteSchema> | null> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}
