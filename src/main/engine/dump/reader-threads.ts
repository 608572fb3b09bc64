import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { ReaderStart } from './reader-protocol.ts'

/** A thread that is lent for one reading, and the line to it. */
export interface LentThread {
  readonly port: MessagePort
  /** Ends the reading and gives the thread back. May be called again. */
  giveBack(): void
}

/** Threads that wait for the next dump. More are only made while more dumps are read at once. */
const waiting: Worker[] = []
const mostWaiting = 2

/** From sources the worker is TypeScript; in the bundle it stands beside whatever file this code ended up in. */
function workerUrl(): URL {
  const file = import.meta.url.endsWith('.ts') ? './dump-worker.ts' : './dump-worker.js'
  return new URL(file, import.meta.url)
}

/**
 * Lends a thread. Threads are kept: to make one for each dump and throw it away is slow, and WebAssembly that comes and
 * goes with its threads has V8 end the whole process now and then ("Check failed: jit_page.has_value()").
 * @param onLost told when the thread died in the middle
 */
export function lendThread(reading: Omit<ReaderStart, 'port'>, onLost: (error: unknown) => void): LentThread {
  const worker = waiting.pop() ?? new Worker(workerUrl(), { execArgv: [], name: 'dump reader' })
  const { port1, port2 } = new MessageChannel()
  let lent = true
  let lost = false
  const onError = (error: unknown): void => {
    lost = true
    if (lent) onLost(error)
  }
  const onExit = (): void => onError(new Error('the thread that reads the dump has ended before its report'))
  worker.on('error', onError)
  worker.on('exit', onExit)
  worker.ref()
  const start: ReaderStart = { ...reading, port: port2 }
  worker.postMessage(start, [port2])
  return {
    port: port1,
    giveBack() {
      if (!lent) return
      lent = false
      // the reading over there ends with its line
      port1.close()
      if (lost) return
      worker.off('error', onError)
      worker.off('exit', onExit)
      keep(worker)
    },
  }
}

function keep(worker: Worker): void {
  if (waiting.length >= mostWaiting) return void worker.terminate()
  // one that dies while it waits is not lent again
  const drop = (): void => {
    const at = waiting.indexOf(worker)
    if (at >= 0) waiting.splice(at, 1)
  }
  worker.removeAllListeners('error').on('error', drop)
  worker.removeAllListeners('exit').on('exit', drop)
  // a thread without work holds up no process that wants to end
  worker.unref()
  waiting.push(worker)
}
