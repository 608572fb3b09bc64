import { open } from 'node:fs/promises'
import { createReading } from '#engine/dump/reading.ts'

/** The head of a dump stands in its first lines; compressed it is in the first few hundred bytes. */
const headBytes = 64 * 1024

/**
 * The major version of the server that a dump file came from, as its head says; null where it does not say so. Damage
 * further down does not matter here.
 */
export async function majorOfFile(file: string): Promise<number | null> {
  const handle = await open(file, 'r')
  const reading = createReading()
  try {
    const buffer = Buffer.alloc(headBytes)
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0)
    await reading.write(buffer.subarray(0, bytesRead))
    return majorOf((await reading.end()).serverVersion)
  } finally {
    reading.destroy()
    await handle.close()
  }
}

/** `18.1 (Debian 18.1-1)` → 18; null for what is no version. */
export function majorOf(version: string | null): number | null {
  const major = Number.parseInt(version ?? '', 10)
  return Number.isSafeInteger(major) && major > 0 ? major : null
}
