import { readFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { freeBytes } from '#engine/disk/space.ts'
import { LifeboatFailure } from '#shared/failure.ts'

/** A restored database is larger than its SQL: indexes, page headers, and WAL beside it. */
const growth = 3
/** Of an empty cluster and its WAL. */
const smallest = 512 * 1024 * 1024

/** Bytes that a sandbox is expected to write for a dump of that many bytes of SQL. */
export function bytesNeeded(sqlBytes: number): number {
  return sqlBytes * growth + smallest
}

/** Bytes of memory that can be had without taking any from another program. */
export async function availableMemory(): Promise<number> {
  if (process.platform !== 'linux') return freemem()
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kb = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1]
  return kb === undefined ? freemem() : Number(kb) * 1024
}

/** Throws `sandbox-full` before anything begins where a folder's disk surely can not take it. */
export async function requireScratch(dir: string, sqlBytes: number): Promise<void> {
  const needed = bytesNeeded(sqlBytes)
  const free = await freeBytes(dir)
  if (free >= needed) return
  const inMb = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`
  throw new LifeboatFailure(
    'sandbox-full',
    `Restoring this copy takes about ${inMb(needed)} in ${dir}, and ${inMb(free)} are free.`,
  )
}
