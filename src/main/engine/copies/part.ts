import { open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { diskFailure } from '#engine/disk/failure.ts'
import { createExclusive, removeFile } from '#engine/disk/file.ts'
import { hashFile } from '#engine/disk/hash.ts'
import { copyFolder } from './folders.ts'
import { ownHidden, partName } from './hidden.ts'
import { bufferedWriter, type BufferedWriter } from './buffered-writer.ts'
import { layAside, takeUp, type ResumeOrigin } from './resume.ts'

/** A dump on its way: hidden, in the folder of the copies that it will stand in, and nothing that counts as a copy. */
export type Part = {
  readonly path: string
  /** bytes that were taken so far, those of an earlier try included */
  readonly bytes: number
  /** of these, what is in the file already and can be read there */
  readonly written: number
  /** to read it by; until it is discarded or kept */
  readonly fd: number
  /** Takes a chunk, which must stay as it is until then. Waits when the disk is slower than the source. */
  write(chunk: Uint8Array): Promise<void>
  /** Everything taken is in the file. */
  flush(): Promise<void>
  /** Everything is on the disk, for good, under this time of modification; no more can be written. */
  finish(modifiedAt: Date): Promise<void>
  /** Removes it. May be called at any time and again, also after it became a copy. */
  discard(): Promise<void>
  /** SHA-256 of what an earlier try has brought. */
  hash(signal?: AbortSignal): Promise<string>
  /** Throws that away: the file on the server is another one by now. */
  restart(): Promise<void>
  /** Lays it aside for the next try; one that can not be gone on with is removed. */
  keep(): Promise<void>
}

type NewPart = { copiesDir: string; server: string; label: string; jobId: string; now: () => Date }

/** A new part file. Throws disk-full, disk-failed or folder-refused. */
export async function openPart({ copiesDir, server, label, jobId }: NewPart): Promise<Part> {
  const folder = await copyFolder(copiesDir, server, label)
  const path = join(folder, partName(jobId))
  return partOver(path, await begin(path), 0, null)
}

/** A part file for a backup of a server: what an earlier try has left of the very same backup is taken up again. */
export async function openResumable(wanted: NewPart & { origin: ResumeOrigin }): Promise<Part> {
  const { copiesDir, server, label, jobId, origin, now } = wanted
  const folder = await copyFolder(copiesDir, server, label)
  const what = { server, label, ...origin }
  const path = join(folder, partName(jobId))
  const keep = (bytes: number): Promise<void> => layAside(path, copiesDir, what, bytes, now())
  ownHidden.add(path)
  const bytes = await takeUp(path, copiesDir, what)
  if (bytes === 0) return partOver(path, await begin(path), 0, keep)
  try {
    return partOver(path, await open(path, 'r+'), bytes, keep)
  } catch (error) {
    throw diskFailure(error, 'What an earlier try has brought can not be read')
  }
}

async function begin(path: string): Promise<FileHandle> {
  ownHidden.add(path)
  try {
    return await createExclusive(path)
  } catch (error) {
    ownHidden.delete(path)
    throw diskFailure(error, `No file could be made in ${dirname(path)}`)
  }
}

function partOver(
  path: string,
  handle: FileHandle,
  start: number,
  layAsideNow: ((bytes: number) => Promise<void>) | null,
): Part {
  let writer: BufferedWriter = bufferedWriter(handle, start)
  let isOpen = true
  let bytes = start
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await handle.close()
  }
  const discard = async (): Promise<void> => {
    await writer.settle()
    await close()
    await removeFile(path)
    ownHidden.delete(path)
  }
  return {
    path,
    get bytes() {
      return bytes
    },
    get written() {
      return writer.written
    },
    fd: handle.fd,
    flush: () => writer.flush(),
    async write(chunk) {
      bytes += chunk.byteLength
      await writer.write(chunk)
    },
    async finish(modifiedAt) {
      if (!isOpen) return
      await writer.flush()
      try {
        await handle.utimes(modifiedAt, modifiedAt)
        await handle.sync()
        await close()
      } catch (error) {
        throw diskFailure(error, 'The copy could not be brought onto the disk')
      }
    },
    discard,
    hash: async (signal) => (await hashFile(path, signal)).sha256,
    async restart() {
      await handle.truncate(0)
      bytes = 0
      writer = bufferedWriter(handle, 0)
    },
    async keep() {
      if (layAsideNow === null || !isOpen) return discard()
      try {
        await writer.flush()
        await close()
        await layAsideNow(bytes)
      } catch {
        // a resume is a kindness: what can not be kept is fetched again
      } finally {
        await discard()
      }
    },
  }
}
