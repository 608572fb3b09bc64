import type { Part } from '#engine/copies/part.ts'
import { startReader, type ReaderResult } from '#engine/dump/reader-thread.ts'
import type { Reporter } from '#engine/jobs/report.ts'

export type Received = ReaderResult & { readSeconds: number }

type Receive = {
  source: AsyncIterable<Uint8Array>
  part: Part
  signal: AbortSignal
  report: Reporter
  /** where the end is known: bytes of the whole file */
  total: number | null
  /** what an interrupted transfer has left in the part already: read first, so that nothing is missing */
  before?: AsyncIterable<Uint8Array>
}

/**
 * Takes a dump from its source to its part file, and reads it on the way: hash, rows, fingerprints and statements come
 * from the same bytes that are written, and nothing is read twice. The slowest of source, disk and reader sets the pace.
 * Throws what the source or the disk throws; damage inside the dump is not an error, it is in the report.
 */
export async function receive({ source, part, signal, report, total, before }: Receive): Promise<Received> {
  const began = performance.now()
  const reader = startReader({ signal, report: (progress) => report.rows(progress.rows) })
  try {
    for await (const chunk of before ?? []) await reader.write(chunk)
    for await (const chunk of source) {
      signal.throwIfAborted()
      await Promise.all([part.write(chunk), reader.write(chunk)])
      report.bytes(part.bytes, total)
    }
    signal.throwIfAborted()
    const result = await reader.end()
    return { ...result, readSeconds: (performance.now() - began) / 1000 }
  } finally {
    reader.abort()
  }
}
