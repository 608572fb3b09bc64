import { isUtf8 } from 'node:buffer'
import type { DumpReport, FindingKind } from '#shared/dump-report.ts'
import { compressionOf } from './compression.ts'

/** As many decompressed bytes as tell what they are (a tar says it at byte 257). */
export const HEAD_BYTES = 1024

export type Head =
  /** SQL as text, behind a byte order mark of so many bytes. */
  | { format: 'plain'; skip: number }
  | { format: Exclude<DumpReport['format'], 'plain'>; finding: FindingKind; detail: string }

/** Tells what the first bytes of a file are, once its compression is off. */
export function formatOf(head: Buffer): Head {
  if (head.subarray(0, 5).toString('latin1') === 'PGDMP') {
    return { format: 'custom', finding: 'custom-format', detail: 'an archive of pg_dump in its custom format' }
  }
  if (head.subarray(257, 262).toString('latin1') === 'ustar') {
    return { format: 'tar', finding: 'tar-format', detail: 'a tar archive' }
  }
  const inner = compressionOf(head)
  if (inner !== 'none') {
    return { format: 'unknown', finding: 'unsupported-compression', detail: `compressed a second time, with ${inner}` }
  }
  if (head[0] === 0xff && head[1] === 0xfe)
    return notADump('text in UTF-16, as some shells write it: psql can not read it')
  const text = isUtf8(head) && !head.includes(0)
  if (!text && !head.includes('-- PostgreSQL database')) return notADump('the content is no text')
  return { format: 'plain', skip: head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0 }
}

function notADump(detail: string): Head {
  return { format: 'unknown', finding: 'not-a-dump', detail }
}
