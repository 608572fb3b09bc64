import type { DumpProgress, DumpReport, FindingKind } from '#shared/dump-report.ts'
import { compressionOf, createDecompressor, MAGIC_BYTES, type Compression, type Decompressor } from './compression.ts'
import { Content } from './content.ts'
import { createFindings } from './findings.ts'
import { formatOf, HEAD_BYTES } from './format.ts'
import type { DumpPlan } from './plan.ts'
import { Planner } from './planner.ts'
import { MAX_ROW_BYTES } from './reader-protocol.ts'
import { Text } from './text.ts'

/** A dump that is being read while its bytes arrive. */
export interface Reading {
  /** Takes the next bytes of the file; resolves when more may come. The bytes may be reused then. */
  write(chunk: Uint8Array): Promise<void>
  /** The file has ended: what was found. */
  end(): Promise<DumpReport>
  /** After the end: what loading the dump needs, where it was asked for. */
  plan(report: DumpReport): DumpPlan | null
  progress(): DumpProgress
  /** Nothing in the bytes to come can change what is known. */
  readonly over: boolean
  /** Gives up, and lets go of everything. */
  destroy(): void
}

/**
 * Reads a dump as it is pushed in. All work but the decompression happens in the calling thread.
 * @param planned whether somebody wants to load it
 */
export function createReading(maxRowBytes: number = MAX_ROW_BYTES, planned = false): Reading {
  const findings = createFindings()
  const planner = planned ? new Planner() : null
  const content = new Content(findings, maxRowBytes, planner)
  const text = new Text(content)
  let bytes = 0
  let start: Buffer | null = Buffer.alloc(0)
  let compression: Compression = 'none'
  let decompressor: Decompressor | null = null
  let head: Buffer | null = Buffer.alloc(0)
  let format: DumpReport['format'] = 'unknown'
  let skipped = 0
  let broken = false
  /** Nothing that follows can change what is known: it is not even decompressed. */
  let over = false

  const add = (kind: FindingKind, detail: string) => {
    const { line, byte } = content.endPlace
    findings.add({ kind, detail, table: content.table, line, byte })
  }
  const feed = (plain: Uint8Array) => {
    text.push(plain)
    if (text.stopped) over = true
  }
  const openHead = (known: Buffer) => {
    head = null
    if (known.length === 0) return
    const found = formatOf(known)
    format = found.format
    if (found.format === 'plain') {
      skipped = found.skip
      content.rebase(skipped)
      feed(known.subarray(skipped))
      return
    }
    findings.add({ kind: found.finding, detail: found.detail, table: null, line: null, byte: 0 })
    over = true
  }
  const out = (plain: Uint8Array) => {
    if (over) return
    if (head === null) {
      feed(plain)
      return
    }
    const known: Buffer = Buffer.concat([head, plain])
    if (known.length < HEAD_BYTES) head = known
    else openHead(known)
  }
  const fault = (kind: FindingKind, detail: string) => {
    if (head !== null) openHead(head)
    broken = true
    add(kind, detail)
  }
  const note = (kind: FindingKind, detail: string) =>
    findings.add({ kind, detail, table: null, line: null, byte: null })

  const open = (known: Buffer) => {
    start = null
    compression = compressionOf(known)
    decompressor = createDecompressor(compression, { out, fault })
    if (decompressor) return decompressor.write(known)
    note('unsupported-compression', `compressed with ${compression}`)
    over = true
    return undefined
  }

  return {
    async write(chunk) {
      bytes += chunk.length
      if (over) return
      if (start === null) {
        await decompressor?.write(chunk)
        return
      }
      start = Buffer.concat([start, chunk])
      if (start.length >= MAGIC_BYTES) await open(start)
    },
    async end() {
      if (start !== null && start.length > 0) await open(start)
      if (over) decompressor?.destroy()
      else await decompressor?.end()
      if (head !== null && !over && !broken) openHead(head)
      if (bytes === 0) note('empty', 'the file has no bytes')
      else if (!over && !broken && text.bytes === 0)
        add('empty', 'there is nothing in the file once it is decompressed')
      const whole = !over && !broken && text.bytes > 0
      if (whole) text.finish()
      const report = content.finish(whole && !text.stopped)
      return {
        outcome: findings.outcome(),
        compression,
        checksummed: decompressor?.checksummed() ?? false,
        format,
        encoding: content.encoding,
        ...report,
        sqlBytes: text.bytes + skipped,
        findings: findings.list(),
        moreFindings: findings.more,
      }
    },
    plan: (report) => planner && { report, steps: planner.steps, encodings: planner.encodings },
    progress: () => ({ bytes, sqlBytes: text.bytes + skipped, rows: content.rows, table: content.table }),
    get over() {
      return over
    },
    destroy: () => decompressor?.destroy(),
  }
}
