import type { FileHandle } from 'node:fs/promises'
import { diskFailure } from '#engine/disk/failure.ts'

const bufferBytes = 1024 * 1024

export type BufferedWriter = {
  /** Takes a copy of the chunk before it returns; the promise waits until there is room again. */
  write(chunk: Uint8Array): Promise<void>
  /** Everything taken so far is with the operating system. */
  flush(): Promise<void>
  /** Waits for a write that is under way, however it ends. */
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
  let underWay: Promise<void> = Promise.resolve()
  let failure: unknown

  const send = (buffer: Buffer, length: number, at: number): void => {
    underWay = writeFully(handle, buffer, length, at).catch((error: unknown) => {
      failure ??= error
    })
  }
  const throwFailure = (): void => {
    if (failure !== undefined) throw diskFailure(failure, 'The copy could not be written')
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
  }
  const take = (chunk: Uint8Array): number => {
    const length = Math.min(chunk.byteLength, bufferBytes - filled)
    filling.set(chunk.subarray(0, length), filled)
    filled += length
    return length
  }
  return {
    async write(chunk) {
      throwFailure()
      const taken = take(chunk)
      if (taken === chunk.byteLength && filled < bufferBytes) return
      // the caller may hand the memory of the chunk to another thread as soon as we wait
      let rest = taken === chunk.byteLength ? chunk.subarray(taken) : Uint8Array.from(chunk.subarray(taken))
      for (;;) {
        if (filled === bufferBytes) await turnOver()
        if (rest.byteLength === 0) return
        rest = rest.subarray(take(rest))
      }
    },
    async flush() {
      await turnOver()
      await underWay
      throwFailure()
    },
    settle: () => underWay,
  }
}

async function writeFully(handle: FileHandle, buffer: Buffer, length: number, at: number): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesWritten } = await handle.write(buffer, done, length - done, at + done)
    done += bytesWritten
  }
}
