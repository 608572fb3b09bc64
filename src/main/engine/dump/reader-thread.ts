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

/** A dump in a file that a thread of its own reads, also while the file still grows. */
export interface Reader {
  /** So many bytes of the file are there to be read. Throws what has made the reading fail, and the signal's reason. */
  grew(bytes: number): void
  /** The file is as long as it will be: what was found in it, read to its end. */
  end(): Promise<ReaderResult>
  /** After the end, and where it was asked for: what loading the dump needs. */
  readonly plan: DumpPlan | null
  /** Gives up, whatever the thread is doing. Harmless at any time. */
  abort(): void
}

/**
 * Has a thread read the dump in an open file. It must be ended with `end` or `abort`, and the file closed
 * after that; a piece that the thread still reads then is looked at by nobody.
 * The thread takes the bytes from the system's memory, where what was just written still is: between threads they would
 * have to be copied too, more slowly, and by the thread that has the line to serve.
 */
export function startReader(file: { readonly fd: number }, options: ReaderOptions = {}): Reader {
  return new ThreadReader(file.fd, options)
}

class ThreadReader implements Reader {
  plan: DumpPlan | null = null
  private readonly thread: LentThread
  private readonly options: ReaderOptions
  private told = 0
  private failure: { error: unknown } | null = null
  private result: ReaderResult | null = null
  /** Wakes whoever waits for the result. */
  private wake: () => void = () => {}
  private readonly stopListening: () => void

  constructor(fd: number, options: ReaderOptions) {
    this.options = options
    const { maxRowBytes = MAX_ROW_BYTES, planned = false } = options
    const settings: ReaderSettings = { maxRowBytes, planned }
    this.thread = lendThread({ settings, fd }, (error) => this.fail(error))
    this.thread.port.on('message', (message: FromReader) => this.hear(message))
    const onAbort = () => this.fail(options.signal?.reason)
    options.signal?.addEventListener('abort', onAbort, { once: true })
    this.stopListening = () => options.signal?.removeEventListener('abort', onAbort)
    if (options.signal?.aborted) onAbort()
  }

  grew(bytes: number): void {
    this.check()
    if (bytes === this.told) return
    this.told = bytes
    this.say({ kind: 'grew', bytes })
  }

  async end(): Promise<ReaderResult> {
    this.check()
    this.say({ kind: 'end' })
    while (this.result === null) {
      this.check()
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
    this.abort()
    return this.result
  }

  abort(): void {
    this.stopListening()
    this.failure ??= { error: new Error('the reading was given up') }
    this.thread.giveBack()
    this.wake()
  }

  private say(message: ToReader): void {
    this.thread.port.postMessage(message)
  }

  private hear(message: FromReader): void {
    switch (message.kind) {
      case 'read':
        if (this.failure === null) this.options.report?.(message.progress)
        return
      case 'report':
        this.result = { ...message.report, sha256: message.sha256, bytes: message.bytes }
        this.plan = message.plan
        this.wake()
        return
      case 'failed':
        this.fail(withCode(message.error, message.code))
    }
  }

  private check(): void {
    if (this.failure !== null) throw this.failure.error
  }

  private fail(error: unknown): void {
    if (this.result !== null) return
    this.failure ??= { error }
    this.wake()
  }
}

function withCode(error: unknown, code: string): unknown {
  return error instanceof Error && code !== '' ? Object.assign(error, { code }) : error
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
    reader = startReader(file, { ...rest, ...told, planned })
    return { result: await reader.end(), plan: reader.plan }
  } finally {
    reader?.abort()
    await file.close()
  }
}
