import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { createReading } from './reading.ts'
import type { FromReader, ReaderStart, ToReader } from './reader-protocol.ts'

/** One dump: bytes in, one report out, until the line to it is closed. */
function serve({ port, settings, buffers }: ReaderStart): void {
  const reading = createReading(settings.maxRowBytes, settings.planned)
  const hash = createHash('sha256')
  const say = (message: FromReader) => port.postMessage(message)
  // not all that reads bytes takes memory that another thread can see
  const own = Buffer.allocUnsafeSlow(Math.max(...buffers.map(({ byteLength }) => byteLength)))

  const handle = async (message: ToReader) => {
    if (message.kind === 'end') {
      const report = await reading.end()
      say({ kind: 'report', report, plan: reading.plan(report), sha256: hash.digest('hex') })
      return
    }
    const shared = buffers[message.buffer]
    if (!shared) throw new Error('bytes in a buffer that nobody has')
    const bytes = own.subarray(0, message.length)
    bytes.set(new Uint8Array(shared, 0, message.length))
    const read = reading.write(bytes)
    // while the pool decompresses them: of what is read and hashed here, nothing costs the thread that brings the bytes
    hash.update(bytes)
    await read
    say({ kind: 'taken', buffer: message.buffer, progress: reading.progress() })
  }

  // One after the other, in the order in which they came.
  let turn = Promise.resolve()
  port.on('message', (message: ToReader) => {
    turn = turn.then(() => handle(message)).catch((error: unknown) => say({ kind: 'failed', error }))
  })
  port.on('close', () => reading.destroy())
}

// The only one that starts readings here is lendThread, with exactly these.
parentPort?.on('message', (start: ReaderStart) => serve(start))
