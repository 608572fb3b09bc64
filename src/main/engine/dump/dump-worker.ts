import { parentPort, type MessagePort } from 'node:worker_threads'
import { createReading } from './reading.ts'
import type { FromReader, ReaderSettings, ReaderStart, ToReader } from './reader-protocol.ts'

/** One dump: bytes in, one report out, until the line to it is closed. */
function serve(port: MessagePort, settings: ReaderSettings): void {
  const reading = createReading(settings.maxRowBytes, settings.planned)
  const say = (message: FromReader, moved: ArrayBuffer[] = []) => port.postMessage(message, moved)

  const handle = async (message: ToReader) => {
    if (message.kind === 'end') {
      const report = await reading.end()
      say({ kind: 'report', report, plan: reading.plan(report) })
      return
    }
    await reading.write(Buffer.from(message.buffer, 0, message.length))
    say({ kind: 'taken', buffer: message.buffer, progress: reading.progress(), over: reading.over }, [message.buffer])
  }

  // One after the other, in the order in which they came.
  let turn = Promise.resolve()
  port.on('message', (message: ToReader) => {
    turn = turn.then(() => handle(message)).catch((error: unknown) => say({ kind: 'failed', error }))
  })
  port.on('close', () => reading.destroy())
}

// The only one that starts readings here is lendThread, with exactly these.
parentPort?.on('message', ({ port, settings }: ReaderStart) => serve(port, settings))
