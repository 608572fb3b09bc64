import type { DumpReport, FindingKind } from '#shared/dump-report.ts'
import { createGunzipper } from './gunzip.ts'
import { createUnzstd } from './unzstd.ts'

export type Compression = DumpReport['compression']

/** Takes the compressed bytes and gives out the plain ones, in order and with back-pressure. */
export interface Decompressor {
  /** Resolves when the bytes were taken and more may come. After a fault further bytes are ignored. */
  write(chunk: Uint8Array): Promise<void>
  /** Resolves when everything was given out. */
  end(): Promise<void>
  /** Whether all of the data so far carried a checksum. */
  checksummed(): boolean
  /** Lets go of everything at once. */
  destroy(): void
}

export interface DecompressorSink {
  out(bytes: Uint8Array): void
  /** The compressed stream is not what it should be. Said at most once; nothing comes after it. */
  fault(kind: FindingKind, detail: string): void
}

/** As many bytes as tell the compressions apart. */
export const MAGIC_BYTES = 6

const magics: readonly [Compression, readonly number[]][] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['lz4', [0x04, 0x22, 0x4d, 0x18]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
]

/** Tells the compression of a file by its first bytes. */
export function compressionOf(head: Uint8Array): Compression {
  const skippable =
    head.length >= 4 && ((head[0] ?? 0) & 0xf0) === 0x50 && matches(head.subarray(1), [0x2a, 0x4d, 0x18])
  if (skippable) return 'zstd'
  return magics.find(([, magic]) => matches(head, magic))?.[0] ?? 'none'
}

function matches(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => head[i] === byte)
}

/** The decompressor of a file; null for a compression that this program can't take off. */
export function createDecompressor(compression: Compression, sink: DecompressorSink): Decompressor | null {
  switch (compression) {
    case 'none':
      return {
        write: async (chunk) => sink.out(chunk),
        end: async () => {},
        checksummed: () => false,
        destroy: () => {},
      }
    case 'gzip':
      return createGunzipper(sink)
    case 'zstd':
      return createUnzstd(sink)
    case 'xz':
    case 'bzip2':
    case 'lz4':
    case 'zip':
      return null
  }
}
