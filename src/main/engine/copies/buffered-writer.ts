import type { FileHandle } from 'node:fs/promises'
import { diskFailure } from '#engine/disk/failure.ts'

/** Linux looks long for memory that holds larger pieces together: a megabyte at once costs it ten times as much. */
const bufferBytes = 512 * 1024
/** What may wait in the system's memory before it is sent on to the disk: the last fsync then has little left to do. */
const syncEveryBytes = 64 * 1024 * 1024

export type BufferedWriter = {
  /** Takes a copy of the chunk, which must stay as it is until then; waits where the disk is slower. */
  write(chunk: Uint8Array): Promise<void>
  /** The end of what is in the file, from its first byte. */
  readonly written: number
  /** Everything taken so far is with the operating system. */
  flush(): Promise<void>
  /** Waits for what is under way, however it ends. */
  settle(): Promise<void>
}

/**
 * Collects small chunks, because SSH brings them in pieces of 32 KB. One buffer is filled while the other is written.
 * The first error of the disk stays: everything after it fails as well.
 */
export function bufferedWriter(handle: FileHandle, start: number): BufferedWriter {
  let filling = Buffer.allocUnsafe(bufferBytes)
  let spare = Buffer.allocUnsafe(bufferBytes)
  let filled = 0
  let position = start
  let written = start
  let underWay: Promise<void> = Promise.resolve()
  let syncing: Promise<void> | null = null
  let synced = start
  let failure: unknown

  const send = (buffer: Buffer, length: number, at: number): void => {
    underWay = writeFully(handle, buffer, length, at).then(
      () => void (written = at + length),
      (error: unknown) => void (failure ??= error),
    )
  }
  const throwFailure = (): void => {
    if (failure !== undefined) throw diskFailure(failure, 'The copy could not be written')
  }
  // the system tells an error of the disk once, and then no more: it is kept
  const syncSometimes = (): void => {
    if (syncing !== null || position - synced < syncEveryBytes) return
    synced = position
    syncing = handle.datasync().then(
      () => void (syncing = null),
      (error: unknown) => {
        failure ??= error
        syncing = null
      },
    )
  }
  const turnOver = async (): Promise<void> => {
    await underWay
    throwFailure()
    if (filled === 0) return
    const full = filling
    filling = spare
    spare = full
    send(full, filled, position)
    position += filled
    filled = 0
    syncSometimes()
  }
  const take = (chunk: Uint8Array): number => {
    const length = Math.min(chunk.byteLength, bufferBytes - filled)
    filling.set(chunk.subarray(0, length), filled)
    filled += length
    return length
  }
  return {
    get written() {
      return written
    },
    async write(chunk) {
      throwFailure()
      for (let taken = take(chunk); filled === bufferBytes; taken += take(chunk.subarray(taken))) await turnOver()
    },
    async flush() {
      await turnOver()
      await underWay
      await syncing
      throwFailure()
    },
    async settle() {
      await underWay
      await syncing
    },
  }
}

async function writeFully(handle: FileHandle, buffer: Buffer, length: number, at: number): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesWritten } = await handle.write(buffer, done, length - done, at + done)
    done += bytesWritten
  }
}
