import type { MessagePort } from 'node:worker_threads'
import type { PlannedEncoding } from '../dump/plan.ts'
import type { SliceRange } from './slicer.ts'

/** Bytes of one buffer of slices, and how many of them go to and fro: what a slow server lets pile up. */
export const SLICE_BYTES = 1024 * 1024
export const SLICE_BUFFERS = 8

/** Bytes [from, to) of a buffer, which belong to one range. */
export type SlicePart = {
  range: number
  from: number
  to: number
  /** it ends with a line of a COPY, or with the range */
  whole: boolean
  /** nothing more of this range follows */
  ends: boolean
}

/** How the thread is started. */
export type SlicerStart = {
  path: string
  ranges: SliceRange[]
  encodings: PlannedEncoding[]
  port: MessagePort
  /** counts the buffers that were given back: the thread waits on it */
  given: SharedArrayBuffer
}

/** The other way come free buffers, nothing else. */
export type FromSlicer = { kind: 'parts'; buffer: ArrayBuffer; parts: SlicePart[]; fileBytes: number } | { kind: 'end' }
