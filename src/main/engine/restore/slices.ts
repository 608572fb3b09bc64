import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { LifeboatFailure } from '#shared/failure.ts'
import type { DumpPlan } from '../dump/plan.ts'
import { SLICE_BUFFERS, SLICE_BYTES, type FromSlicer, type SlicerStart, type SlicePart } from './slice-protocol.ts'
import { dataRanges, type SliceRange } from './slicer.ts'

/** A part of a range of the dump's data. `done` must be called once its bytes are no longer needed. */
export type Slice = Omit<SlicePart, 'from' | 'to'> & { bytes: Buffer; done: () => void }

/** The data of a dump, in the order of the file, from a thread of its own. */
export interface Slices {
  readonly ranges: readonly SliceRange[]
  /** Bytes of the file that were read so far. */
  readonly fileBytes: number
  /** The next slices of ranges before `range`, as many as are there, at least one; none when there are no more of them. */
  take(range: number): Promise<Slice[]>
  /** Ends the thread. May be called again. */
  stop(): void
}

function workerUrl(): URL {
  const file = import.meta.url.endsWith('.ts') ? './slice-worker.ts' : './slice-worker.js'
  return new URL(file, import.meta.url)
}

/** Begins to cut the data of the plan out of the file. `take` rejects when the file can't be read any more. */
export function startSlices(plan: DumpPlan, path: string): Slices {
  return new ThreadSlices(plan, path)
}

class ThreadSlices implements Slices {
  readonly ranges: SliceRange[]
  fileBytes = 0
  private readonly worker = new Worker(workerUrl(), { execArgv: [], name: 'dump slicer' })
  private readonly port
  private readonly counter: Int32Array
  private waiting: Slice[] = []
  private ended = false
  private failure: LifeboatFailure | null = null
  private wake: () => void = () => {}

  constructor({ steps, encodings, report }: DumpPlan, path: string) {
    this.ranges = dataRanges({ steps, encodings, report })
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    const given = new SharedArrayBuffer(4)
    this.counter = new Int32Array(given)
    const start: SlicerStart = { path, ranges: this.ranges, encodings, port: port2, given }
    this.worker.on('error', (error: unknown) => this.fail(error instanceof Error ? error : new Error(String(error))))
    port1.on('message', (message: FromSlicer) => this.hear(message))
    // The word that the thread has ended can overtake its last messages; the port closes only behind them.
    const ended = Promise.all([once(this.worker, 'exit'), once(port1, 'close')])
    ended.then(
      () => this.fail(new Error('the thread that cuts the dump has ended')),
      () => {},
    )
    this.worker.postMessage(start, [port2])
    for (let i = 0; i < SLICE_BUFFERS; i++) this.giveBack(new ArrayBuffer(SLICE_BYTES))
  }

  async take(range: number): Promise<Slice[]> {
    while (this.waiting.length === 0) {
      if (this.failure) throw this.failure
      if (this.ended) return []
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    const later = this.waiting.findIndex((slice) => slice.range >= range)
    return this.waiting.splice(0, later < 0 ? this.waiting.length : later)
  }

  stop(): void {
    this.ended = true
    this.port.close()
    void this.worker.terminate()
    this.wake()
  }

  private hear(message: FromSlicer): void {
    switch (message.kind) {
      case 'parts':
        this.fileBytes = message.fileBytes
        this.accept(message.buffer, message.parts)
        break
      case 'end':
        this.ended = true
        this.wake()
    }
  }

  private accept(buffer: ArrayBuffer, parts: readonly SlicePart[]): void {
    let open = parts.length
    for (const { from, to, ...part } of parts) {
      let held = true
      const done = (): void => {
        if (held) open--
        if (held && open === 0) this.giveBack(buffer)
        held = false
      }
      this.waiting.push({ ...part, bytes: Buffer.from(buffer, from, to - from), done })
    }
    this.wake()
  }

  private giveBack(buffer: ArrayBuffer): void {
    if (this.ended) return
    this.port.postMessage(buffer, [buffer])
    Atomics.add(this.counter, 0, 1)
    Atomics.notify(this.counter, 0)
  }

  private fail(cause: Error): void {
    if (this.ended) return
    const detail = cause.message
    this.failure ??= new LifeboatFailure('copy-changed', 'The file is no longer the one that was read.', { detail })
    this.wake()
  }
}
