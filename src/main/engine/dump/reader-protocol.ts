import type { MessagePort } from 'node:worker_threads'
import type { DumpProgress, DumpReport } from '#shared/dump-report.ts'
import type { DumpPlan } from './plan.ts'

/** What is said to the thread that reads a dump in a file. */
export type ToReader =
  /** so many bytes of the file are there now, and more will come */
  | { kind: 'grew'; bytes: number }
  /** the file is as long as it will be */
  | { kind: 'end' }

export type FromReader =
  | { kind: 'read'; progress: DumpProgress }
  /** `sha256`: of all the `bytes` that were read, in lower-case hex. */
  | { kind: 'report'; report: DumpReport; plan: DumpPlan | null; sha256: string; bytes: number }
  /** `code`: what the system calls the error, '' for any other; errors lose it on their way between threads. */
  | { kind: 'failed'; error: unknown; code: string }

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
  /** of the open file; descriptors are the whole process's */
  fd: number
  port: MessagePort
}
