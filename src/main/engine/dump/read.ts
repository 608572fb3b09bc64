import type { DumpProgress, DumpReport } from '#shared/dump-report.ts'
import { createReading } from './reading.ts'

export interface ReadOptions {
  signal?: AbortSignal
  /** Told after every chunk of the source. */
  report?: (progress: DumpProgress) => void
  /** The longest row, in bytes, that is held; 256 MB. */
  maxRowBytes?: number
}

/**
 * Reads a dump from its first byte to its last in the calling thread and says what it found. Damage is a finding, never
 * an error; it rejects only when the source does, or with the signal's reason.
 */
export async function readDump(source: AsyncIterable<Uint8Array>, options: ReadOptions = {}): Promise<DumpReport> {
  const reading = createReading(options.maxRowBytes)
  try {
    for await (const chunk of source) {
      options.signal?.throwIfAborted()
      await reading.write(chunk)
      options.report?.(reading.progress())
    }
    options.signal?.throwIfAborted()
    return await reading.end()
  } finally {
    reading.destroy()
  }
}
