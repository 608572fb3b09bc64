import type { Part } from '#engine/copies/part.ts'
import { diskFailure, errorCode } from '#engine/disk/failure.ts'
import { startReader, type Reader, type ReaderResult } from '#engine/dump/reader-thread.ts'
import type { Reporter } from '#engine/jobs/report.ts'

export type Received = ReaderResult & { readSeconds: number }

type Receive = {
  source: AsyncIterable<Uint8Array>
  part: Part
  signal: AbortSignal
  report: Reporter
  /** where the end is known: bytes of the whole file */
  total: number | null
  /** told once everything has come: a slow reader may still have a long way to go */
  come?: () => void
}

/**
 * Takes a dump from its source to its part file, behind what an earlier try has left there, and reads it on the way: hash,
 * rows, fingerprints and statements come from the very bytes that lie in the file. Source or disk sets the pace; a reader
 * that is slower comes after.
 * Throws what the source or the disk throws; damage inside the dump is not an error, it is in the report.
 */
export async function receive({ source, part, signal, report, total, come }: Receive): Promise<Received> {
  const began = performance.now()
  const reader = startReader(part, { signal, report: (progress) => report.rows(progress.rows) })
  try {
    reader.grew(part.written)
    for await (const chunk of source) {
      signal.throwIfAborted()
      await part.write(chunk)
      reader.grew(part.written)
      report.bytes(part.bytes, total)
    }
    signal.throwIfAborted()
    await part.flush()
    come?.()
    const result = await toItsEnd(reader, part)
    return { ...result, readSeconds: (performance.now() - began) / 1000 }
  } finally {
    reader.abort()
  }
}

async function toItsEnd(reader: Reader, part: Part): Promise<ReaderResult> {
  const unread = 'What was written could not be read again'
  const result = await reader.end().catch((error: unknown) => {
    throw errorCode(error) === '' ? error : diskFailure(error, unread)
  })
  if (result.bytes === part.bytes) return result
  throw diskFailure(new Error(`${result.bytes} bytes are in the file, and ${part.bytes} were written`), unread)
}
