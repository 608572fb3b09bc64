import { createHash } from 'node:crypto'
import { readSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import type { FromReader, ReaderStart, ToReader } from './reader-protocol.ts'
import { createReading } from './reading.ts'

const pieceBytes = 512 * 1024

/** One dump: a file that may still grow, and one report at its end, until the line is closed. */
function serve({ port, settings, fd }: ReaderStart): void {
  const reading = createReading(settings.maxRowBytes, settings.planned)
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafeSlow(pieceBytes)
  const say = (message: FromReader) => port.postMessage(message)
  let at = 0
  let there = 0
  let ended = false
  let closed = false
  let busy = false

  /** False at the end of the file. */
  async function readPiece(): Promise<boolean> {
    const wanted = ended ? pieceBytes : Math.min(pieceBytes, there - at)
    const bytes = piece.subarray(0, readSync(fd, piece, 0, wanted, at))
    if (bytes.length === 0) return false
    at += bytes.length
    const read = reading.write(bytes)
    // while the pool decompresses them
    hash.update(bytes)
    await read
    say({ kind: 'read', progress: reading.progress() })
    return true
  }

  async function follow(): Promise<void> {
    while ((ended || at < there) && (await readPiece())) {
      // whoever does not want to know any more must be heard
      await turn()
      if (closed) return
    }
    if (!ended) return
    const report = await reading.end()
    say({ kind: 'report', report, plan: reading.plan(report), sha256: hash.digest('hex'), bytes: at })
  }

  port.on('message', (message: ToReader) => {
    if (message.kind === 'grew') there = message.bytes
    else ended = true
    if (busy) return
    busy = true
    follow()
      .catch((error: unknown) => say({ kind: 'failed', error, code: codeOf(error) }))
      .finally(() => (busy = false))
  })
  port.on('close', () => {
    closed = true
    reading.destroy()
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

// The only one that starts readings here is lendThread, with exactly these.
parentPort?.on('message', (start: ReaderStart) => serve(start))
