import { open } from 'node:fs/promises'
import type { DumpFileReport, DumpProgress } from '#shared/dump-report.ts'
import type { DumpPlan } from './plan.ts'
import { MAX_ROW_BYTES, type FromReader, type ReaderSettings, type ToReader } from './reader-protocol.ts'
import { lendThread, type LentThread } from './reader-threads.ts'

/** What was found in a dump, and the identity of the very bytes that were read. */
export type ReaderResult = DumpFileReport

export interface ReaderOptions {
  signal?: AbortSignal
  /** Told whenever a stretch of bytes was read. */
  report?: (progress: DumpProgress) => void
  /** The longest row, in bytes, that is held; 256 MB. */
  maxRowBytes?: number
  /** Have `plan` after the end. */
  planned?: boolean
}

/** A dump that is read in a thread of its own while its bytes arrive here. */
export interface Reader {
  /** Takes a copy of the bytes, and resolves when more may come. Rejects with the signal's reason. */
  write(chunk: Uint8Array): Promise<void>
  /** The file has ended: what was found in it. */
  end(): Promise<ReaderResult>
  /** After the end, and where it was asked for: what loading the dump needs. */
  readonly plan: DumpPlan | null
  /** Gives up, whatever the thread is doing. Harmless at any time. */
  abort(): void
}

/** Bytes that are handed over at once, and how many such buffers there are: what a slow reader lets pile up. */
const BUFFER_BYTES = 512 * 1024
const BUFFERS = 4

/** Has a thread read one dump. It must be ended with `end` or `abort`. */
export function startReader(options: ReaderOptions = {}): Reader {
  return new ThreadReader(options)
}

class ThreadReader implements Reader {
  plan: DumpPlan | null = null
  private readonly thread: LentThread
  private readonly options: ReaderOptions
  private bytes = 0
  private readonly buffers = Array.from({ length: BUFFERS }, () => new SharedArrayBuffer(BUFFER_BYTES))
  private readonly views = this.buffers.map((buffer) => new Uint8Array(buffer))
  /** buffers as numbers, as both threads call them */
  private readonly free = [...this.buffers.keys()]
  private filling: number | null = null
  private filled = 0
  private away = 0
  private ended = false
  private failure: { error: unknown } | null = null
  private report: Omit<DumpFileReport, 'bytes'> | null = null
  /** Wakes whoever waits for a buffer or the report. */
  private wake: () => void = () => {}
  private readonly stopListening: () => void

  constructor(options: ReaderOptions) {
    this.options = options
    const { maxRowBytes = MAX_ROW_BYTES, planned = false } = options
    const settings: ReaderSettings = { maxRowBytes, planned }
    this.thread = lendThread({ settings, buffers: this.buffers }, (error) => this.fail(error))
    this.thread.port.on('message', (message: FromReader) => this.hear(message))
    const onAbort = () => this.fail(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    this.stopListening = () => options.signal?.removeEventListener('abort', onAbort)
    if (options.signal?.aborted) onAbort()
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.check()
    this.bytes += chunk.length
    let from = 0
    while (from < chunk.length) {
      const buffer = (this.filling ??= await this.freeBuffer())
      const length = Math.min(BUFFER_BYTES - this.filled, chunk.length - from)
      this.views[buffer]?.set(chunk.subarray(from, from + length), this.filled)
      this.filled += length
      from += length
      // A reader without work gets what there is; a busy one gets whole buffers.
      if (this.filled === BUFFER_BYTES || this.away === 0) this.send()
    }
  }

  async end(): Promise<ReaderResult> {
    this.check()
    if (this.filled > 0) this.send()
    this.ended = true
    this.say({ kind: 'end' })
    while (this.report === null) await this.news()
    this.abort()
    return { ...this.report, bytes: this.bytes }
  }

  abort(): void {
    this.stopListening()
    this.failure ??= { error: new Error('the reading was given up') }
    this.thread.giveBack()
    this.wake()
  }

  private send(): void {
    const buffer = this.filling
    if (buffer === null) return
    this.away++
    this.say({ kind: 'bytes', buffer, length: this.filled })
    this.filling = null
    this.filled = 0
  }

  private say(message: ToReader): void {
    this.thread.port.postMessage(message)
  }

  private hear(message: FromReader): void {
    switch (message.kind) {
      case 'taken':
        this.away--
        this.free.push(message.buffer)
        if (this.failure === null) this.options.report?.(message.progress)
        break
      case 'report':
        this.report = { ...message.report, sha256: message.sha256 }
        this.plan = message.plan
        break
      case 'failed':
        this.fail(message.error)
    }
    // Nobody may come again for a while: what was collected goes on its way.
    if (this.away === 0 && this.filled > 0 && !this.ended) this.send()
    this.wake()
  }

  private async freeBuffer(): Promise<number> {
    while (true) {
      const buffer = this.free.pop()
      if (buffer !== undefined) return buffer
      await this.news()
    }
  }

  private async news(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve
      if (this.failure !== null) resolve()
    })
    if (this.report === null) this.check()
  }

  private check(): void {
    if (this.failure !== null) throw this.failure.error
  }

  private fail(error: unknown): void {
    if (this.report !== null) return
    this.failure ??= { error }
    this.wake()
  }
}

/** How far the reading of a file has come; `total` is the size it had at the start. */
export type FileProgress = DumpProgress & { total: number }

type FileOptions = Omit<ReaderOptions, 'report' | 'planned'> & { report?: (progress: FileProgress) => void }

/** Reads a dump in a file, in a thread of its own. Rejects when the file can't be read, or with the signal's reason. */
export async function readDumpFile(path: string, options: FileOptions = {}): Promise<ReaderResult> {
  return (await readFileWhole(path, options, false)).result
}

/** As `readDumpFile`, and notes down what loading the dump needs. */
export async function planDumpFile(
  path: string,
  options: FileOptions = {},
): Promise<{ plan: DumpPlan; result: ReaderResult }> {
  const { plan, result } = await readFileWhole(path, options, true)
  if (plan === null) throw new Error('the reader gave no plan')
  return { plan, result }
}

async function readFileWhole(path: string, { report, ...rest }: FileOptions, planned: boolean) {
  const file = await open(path, 'r')
  let reader: Reader | null = null
  try {
    const total = (await file.stat()).size
    const told = report && { report: (progress: DumpProgress) => report({ ...progress, total }) }
    reader = startReader({ ...rest, ...told, planned })
    const buffer = Buffer.allocUnsafe(BUFFER_BYTES)
    while (true) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length)
      if (bytesRead === 0) return { result: await reader.end(), plan: reader.plan }
      await reader.write(buffer.subarray(0, bytesRead))
    }
  } finally {
    reader?.abort()
    await file.close()
  }
}
