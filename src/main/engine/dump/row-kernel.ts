import { rowKernelBytes } from './row-kernel-bytes.ts'

/** Why `copyRows` stopped; the numbers are the ones in assembly/rows.ts. */
export const stops = {
  needsMore: 0,
  endMarker: 1,
  wrongColumns: 2,
  strayReturn: 3,
  nulByte: 4,
  strayMarker: 5,
  badUtf8: 6,
  noReturn: 7,
} as const

/** Instead of a number of tabs: accept rows of any shape. */
export const ANY_COLUMNS = -2
/** Instead of a number of tabs: rows without any column, which are empty lines. */
export const NO_COLUMNS = -1

const KB = 1024
const SCRATCH = 64 * KB
const SCRATCH_SIZE = 1024 * KB
/** The kernel reads and writes whole vectors: this much past the end of a text belongs to nobody. */
const SLACK = 64

/** Where the text to be read lies; it may grow upwards without end. */
export const WINDOW = SCRATCH + SCRATCH_SIZE + 64 * KB
/** The most that is put into the window at once, beyond a line that did not end in it yet. */
export const PIECE = 256 * KB
/** Where the row of an INSERT is put together. Only used while the window holds no more than one piece. */
export const ROW = WINDOW + PIECE + 64 * KB

interface Exports {
  rows: WebAssembly.Global<'i32'>
  sum: WebAssembly.Global<'i64'>
  lines: WebAssembly.Global<'i32'>
  stop: WebAssembly.Global<'i32'>
  fields: WebAssembly.Global<'i32'>
  spanned: WebAssembly.Global<'i32'>
  next: WebAssembly.Global<'i32'>
  setScratch(at: number, size: number): void
  copyRows(from: number, end: number, tabs: number, crlf: boolean, utf8: boolean): number
  addRow(at: number, length: number): void
  hash(at: number, length: number): bigint
  newlines(from: number, end: number): number
}

let compiled: WebAssembly.Module | undefined

/** The compiled row loop with a memory of its own: one per reading. */
export interface RowKernel {
  /** The memory, which `reserve` may replace by a larger one. */
  bytes: Uint8Array
  /** Makes [0, end) and some slack addressable. The memory never shrinks. */
  reserve(end: number): void
  copyRows(from: number, end: number, tabs: number, crlf: boolean, utf8: boolean): number
  addRow(at: number, length: number): void
  newlines(from: number, end: number): number
  hash(at: number, length: number): bigint
  /** Why `copyRows` stopped, how many columns and lines the row there has, and where the next one begins. */
  stopped(): { reason: number; fields: number; lines: number; next: number }
  /** Rows, sum of their hashes modulo 2^64, and lines since the last call. */
  take(): { rows: number; sum: bigint; lines: number }
}

/** A fresh kernel. Compiles the module on first use in this thread (about a millisecond). */
export function createRowKernel(): RowKernel {
  compiled ??= new WebAssembly.Module(Buffer.from(rowKernelBytes, 'base64'))
  const memory = new WebAssembly.Memory({ initial: Math.ceil((ROW + 2 * PIECE) / (64 * KB)) })
  const code = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Exports
  code.setScratch(SCRATCH, SCRATCH_SIZE)
  const kernel: RowKernel = {
    bytes: new Uint8Array(memory.buffer),
    reserve(end) {
      if (end + SLACK <= kernel.bytes.length) return
      // Growth in large steps: every step gives all of the memory a new view.
      const wanted = Math.max(end + SLACK, Math.min(kernel.bytes.length * 2, kernel.bytes.length + 32 * KB * KB))
      memory.grow(Math.ceil((wanted - kernel.bytes.length) / (64 * KB)))
      kernel.bytes = new Uint8Array(memory.buffer)
    },
    copyRows: (from, end, tabs, crlf, utf8) => code.copyRows(from, end, tabs, crlf, utf8) >>> 0,
    addRow: (at, length) => code.addRow(at, length),
    newlines: (from, end) => code.newlines(from, end),
    hash: (at, length) => BigInt.asUintN(64, code.hash(at, length)),
    stopped: () => ({
      reason: code.stop.value,
      fields: code.fields.value,
      lines: code.spanned.value >>> 0,
      next: code.next.value >>> 0,
    }),
    take() {
      const taken = {
        rows: code.rows.value >>> 0,
        sum: BigInt.asUintN(64, code.sum.value),
        lines: code.lines.value >>> 0,
      }
      code.rows.value = 0
      code.sum.value = 0n
      code.lines.value = 0
      return taken
    },
  }
  return kernel
}
