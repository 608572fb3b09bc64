import { parentPort, workerData } from 'node:worker_threads'
import { createReading } from './reading.ts'
import type { FromReader, ReaderSettings, ToReader } from './reader-protocol.ts'

/** The entry of the thread that reads a dump: bytes in, one report out. */
function serve(port: NonNullable<typeof parentPort>, settings: ReaderSettings): void {
  const reading = createReading(settings.maxRowBytes)
  const say = (message: FromReader, moved: ArrayBuffer[] = []) => port.postMessage(message, moved)

  const handle = async (message: ToReader) => {
    if (message.kind === 'end') {
      say({ kind: 'report', report: await reading.end() })
      port.close()
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
}

// The only one that starts this thread is startReader, with exactly these.
if (parentPort) serve(parentPort, workerData as ReaderSettings)
