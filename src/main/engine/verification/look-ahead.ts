import { open } from 'node:fs/promises'
import { createReading } from '#engine/dump/reading.ts'

/** Compressed, the head of a dump stands in the first few hundred bytes; the rest shows how well it compresses. */
const aheadBytes = 1024 * 1024

/** What compresses best by far (zstd over text) grows to about this many times its size. */
const mostGrowth = 10
/** The begin of a dump may compress worse than the rest. */
const margin = 2

export type Ahead = {
  /** of the server that the dump came from, as its head says; null where it does not say so */
  major: number | null
  /** bytes of SQL: rather too many than too few */
  sqlBytes: number
}

/** What a sandbox for a dump file has to be, from the begin of the file. Damage further down does not matter here. */
export async function lookAhead(file: string): Promise<Ahead> {
  const handle = await open(file, 'r')
  const reading = createReading()
  try {
    const buffer = Buffer.alloc(aheadBytes)
    const { bytesRead } = await handle.read(buffer, 0, aheadBytes, 0)
    await reading.write(buffer.subarray(0, bytesRead))
    const { serverVersion, format, compression, sqlBytes } = await reading.end()
    const { size } = await handle.stat()
    const growth = format !== 'plain' ? mostGrowth : compression === 'none' ? 1 : (margin * sqlBytes) / bytesRead
    return { major: majorOf(serverVersion), sqlBytes: Math.ceil(size * Math.min(growth, mostGrowth)) }
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
