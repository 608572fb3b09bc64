import type { MessagePort } from 'node:worker_threads'
import type { DumpProgress, DumpReport } from '#shared/dump-report.ts'
import type { DumpPlan } from './plan.ts'

/**
 * What the thread that has the bytes says to the one that reads them. Both see the same few buffers for the whole
 * reading: memory that is sent to and fro keeps the collectors of both threads busy.
 */
export type ToReader = { kind: 'bytes'; buffer: number; length: number } | { kind: 'end' }

export type FromReader =
  /** The bytes were read and hashed, and the buffer is free. */
  | { kind: 'taken'; buffer: number; progress: DumpProgress }
  /** `sha256`: of all the bytes, in lower-case hex. */
  | { kind: 'report'; report: DumpReport; plan: DumpPlan | null; sha256: string }
  | { kind: 'failed'; error: unknown }

/** The longest row that is held: 256 MB. A longer one is counted, and its table's fingerprint is not checked. */
export const MAX_ROW_BYTES = 256 * 1024 * 1024

export interface ReaderSettings {
  maxRowBytes: number
  /** Whether a plan for loading the dump is wanted beside the report. */
  planned: boolean
}

/** How a thread is told to read a dump: everything else goes over the line that comes with it. */
export interface ReaderStart {
  settings: ReaderSettings
  buffers: readonly SharedArrayBuffer[]
  port: MessagePort
}
