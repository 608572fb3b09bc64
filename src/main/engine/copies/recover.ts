import { lstatSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Job } from '#shared/job.ts'
import { toFailure } from '#shared/failure.ts'
import { removeFile } from '#engine/disk/file.ts'
import { isProcess } from '#engine/disk/process.ts'
import { foldersOfCopies } from './folders.ts'
import { refreshGuides } from './guides.ts'
import { ownHidden, readHidden, type Hidden } from './hidden.ts'
import { lookAtCopies } from './integrity.ts'
import { rebuildCatalogue, scanManifests } from './rebuild.ts'
import { sweepResumes } from './resume.ts'
import type { StartShelf } from './shelf.ts'
import { takeUpCommit } from './take-up.ts'

type Start = {
  catalogue: StartShelf
  /** the folder of the copies first */
  copiesDirs: readonly string[]
  /** whether the process that began a job is still there */
  isAlive: (owner: { pid: number; startToken: string }) => boolean
  now: () => Date
}

export type Recovered = {
  /** jobs that a dead process has left; their row says `interrupted` now */
  interrupted: Job[]
  /** copies that were whole when their process died, and that have been brought to their end */
  finished: string[]
  /** what could not be put in order, one sentence each */
  problems: string[]
}

/**
 * Puts in order what an earlier process has left when it died: its jobs become `interrupted`, its part files go, a commit
 * that was under way is brought to its end when its bytes are proven whole and undone when not, copies that the
 * catalogue does not know are taken in, and every file is looked at. Other processes that are at work are left alone.
 */
export async function recoverStore({ catalogue, copiesDirs, isAlive, now }: Start): Promise<Recovered> {
  const dirs = [...new Set([...copiesDirs, ...catalogue.settings.get().formerCopiesDirs])]
  const interrupted = interruptOrphans(catalogue, isAlive, now)
  const result: Recovered = { interrupted, finished: [], problems: [] }
  for (const dir of dirs) {
    try {
      for (const folder of (await foldersOfCopies(dir)).folders) await sweep(folder, catalogue, now, result)
      await sweepResumes(dir, now())
    } catch (error) {
      result.problems.push(`${dir} could not be put in order: ${toFailure(error).message}`)
    }
  }
  await takeIn(catalogue, dirs, result)
  return result
}

/** Jobs whose process has died say so from now on. @returns them, as they were */
export function interruptOrphans(
  { jobs }: Pick<StartShelf, 'jobs'>,
  isAlive: Start['isAlive'],
  now: () => Date,
): Job[] {
  const orphans = jobs.orphans(isAlive)
  for (const job of orphans) {
    jobs.update({ ...job, state: 'interrupted', endedAt: now().toISOString() })
    jobs.appendLog(job.id, now().toISOString(), 'Lifeboat ended in the midst of this job.')
  }
  return orphans
}

async function sweep(folder: string, shelf: StartShelf, now: () => Date, result: Recovered): Promise<void> {
  const hidden = (await readdir(folder)).flatMap((name) => {
    const what = readHidden(name)
    return what ? [{ name, path: join(folder, name), what }] : []
  })
  const parts = hidden.filter(({ what }) => what.kind === 'part')
  for (const { path, what } of hidden) {
    if (what.kind !== 'commit' || isLive(path, what, shelf)) continue
    const part = parts.find((each) => each.what.kind === 'part' && each.what.token === what.token)
    const copy = await takeUpCommit({ note: path, token: what.token, part: part?.path ?? null, shelf })
    if (!copy) continue
    result.finished.push(copy.id)
    tellJob(shelf, what.jobId, copy.id, now())
  }
  const committing = new Set(hidden.flatMap(({ what }) => (what.kind === 'commit' ? [what.token] : [])))
  for (const { path, what } of hidden) {
    if (what.kind === 'commit' || isLive(path, what, shelf)) continue
    if (what.kind === 'part' && committing.has(what.token)) continue
    await removeFile(path)
  }
}

/** A job that has ended needs no part file, whatever lives under that process number by now. */
function isLive(path: string, what: Hidden, shelf: StartShelf): boolean {
  if (ownHidden.has(path)) return true
  const job = what.kind === 'temp' || what.jobId === '' ? undefined : shelf.jobs.get(what.jobId)
  if (job) return job.state === 'running' || job.state === 'queued'
  return what.pid !== process.pid && isProcess(what.pid)
}

function tellJob(shelf: StartShelf, jobId: string, copyId: string, at: Date): void {
  const job = shelf.jobs.get(jobId)
  if (!job) return
  if (!job.copyIds.includes(copyId)) shelf.jobs.update({ ...job, copyIds: [...job.copyIds, copyId] })
  shelf.jobs.appendLog(jobId, at.toISOString(), 'Its copy was whole and has been put in its place after all.')
}

/** The catalogue learns of copies that it does not know: of a commit that was cut off before its row, or all of them. */
async function takeIn(shelf: StartShelf, dirs: readonly string[], result: Recovered): Promise<void> {
  if (shelf.rebuildPending()) {
    try {
      const { problems } = await rebuildCatalogue(shelf, dirs)
      result.problems.push(...problems)
      shelf.rebuildDone()
    } catch (error) {
      // a disk that can not be read or written now: the next start tries again, and until then Lifeboat starts
      result.problems.push(`The copies could not all be taken in: ${toFailure(error).message}`)
    }
    return
  }
  const before = shelf.copies.files()
  const { found, problems } = await scanManifests(dirs, new Set(before.map(({ manifestFile }) => manifestFile)))
  result.problems.push(...problems)
  const fresh = found.filter(({ manifest }) => !isThere(before.find(({ id }) => id === manifest.id)?.manifestFile))
  if (fresh.length > 0) {
    shelf.exclusively(() => {
      for (const { manifest, manifestFile, version } of fresh)
        shelf.copies.put(manifest, manifestFile, version?.modifiedMs)
    })
  }
  await lookAtCopies(shelf)
  const files = shelf.copies.files().map(({ file }) => file)
  const [first] = dirs
  try {
    if (first !== undefined) await refreshGuides(shelf, first, files)
  } catch (error) {
    result.problems.push(`READ-ME-FIRST.txt is not current: ${toFailure(error).message}`)
  }
}

/** A copy that was moved is the same copy; one that was doubled stays where it is known. */
function isThere(file: string | undefined): boolean {
  return file !== undefined && lstatSync(file, { throwIfNoEntry: false }) !== undefined
}
