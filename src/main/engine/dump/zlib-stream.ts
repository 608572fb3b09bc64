import type { Transform } from 'node:stream'

/** Plain bytes per step: large enough that handing over costs nothing, small enough to stay in the processor's cache. */
export const STEP = 256 * 1024
/** Steps that may wait for the reader. */
const WAITING = 4

type ZlibStream = Transform & { readonly bytesWritten: number }

/** How a stream ended: by its own end, or by an error. */
export interface ZlibEnd {
  error: NodeJS.ErrnoException | null
  /** Compressed bytes that it has used. */
  used: number
}

/**
 * Drives a stream of node:zlib so that its work in the thread pool and the reading of what it gives out overlap: its
 * output is queued and read from the event loop while the next step is already being decompressed.
 */
export class ZlibDriver {
  /** Compressed bytes that it was given. */
  given = 0
  private readonly stream: ZlibStream
  private readonly out: (bytes: Uint8Array) => void
  private readonly queue: Buffer[] = []
  private scheduled = false
  private ended = false
  private error: NodeJS.ErrnoException | null = null
  private release: (() => void) | null = null
  private finished: (() => void) | null = null

  /** `stream` gives out steps of STEP bytes; what `out` is given is gone when it returns. */
  constructor(stream: ZlibStream, out: (bytes: Uint8Array) => void) {
    this.stream = stream
    this.out = out
    stream.on('data', (bytes: Buffer) => this.take(bytes))
    stream.on('end', () => this.stop(null))
    stream.on('error', (error: NodeJS.ErrnoException) => this.stop(error))
  }

  /** Whether it takes no more: it has ended by itself, or failed. */
  get done(): boolean {
    return this.ended
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.ended) return
    this.given += chunk.length
    await new Promise<void>((resolve) => {
      this.release = resolve
      this.stream.write(chunk, () => resolve())
    })
    this.release = null
  }

  /** Ends the input and waits until all output was read. */
  async end(): Promise<ZlibEnd> {
    if (!this.ended || this.queue.length > 0) {
      await new Promise<void>((resolve) => {
        this.finished = resolve
        if (!this.ended) this.stream.end()
      })
    }
    const used = this.stream.bytesWritten
    this.stream.destroy()
    return { error: this.error, used }
  }

  destroy(): void {
    this.queue.length = 0
    this.stream.destroy()
    this.stop(null)
  }

  private take(bytes: Buffer): void {
    this.queue.push(bytes)
    if (this.queue.length >= WAITING) this.stream.pause()
    this.schedule()
  }

  private schedule(): void {
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(() => this.drain())
  }

  private drain(): void {
    this.scheduled = false
    const bytes = this.queue.shift()
    if (bytes) {
      this.out(bytes)
      release(bytes)
    }
    if (this.queue.length > 0) this.schedule()
    if (this.queue.length < WAITING && this.stream.isPaused()) this.stream.resume()
    this.settle()
  }

  private stop(error: NodeJS.ErrnoException | null): void {
    this.ended = true
    this.error ??= error
    this.release?.()
    this.settle()
  }

  private settle(): void {
    if (this.ended && this.queue.length === 0) this.finished?.()
  }
}

/**
 * Gives the memory of a step back at once. The collector sees only small objects that hold on to it, and would let many
 * of them pile up. A buffer that is not full yet is still being written to.
 */
function release({ buffer, byteOffset, length }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === STEP && byteOffset + length === STEP) buffer.transfer(0)
}
