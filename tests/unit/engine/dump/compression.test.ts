import { deflateRawSync, gzipSync, zstdCompressSync, constants, crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDump } from '#engine/dump/read.ts'
import { copyBlock, dumpOf, pieces, splitAt } from '../../../support/dump-text.ts'

const rows = Array.from({ length: 500 }, (_, i) => [`${i}`, `a row of text, number ${i * i}`])
const dump = Buffer.from(dumpOf(copyBlock({ schema: 'public', name: 't', columns: ['a', 'b'], rows })))
const gzip = gzipSync(dump)
const zstd = zstdCompressSync(dump)
const zstdChecked = zstdCompressSync(dump, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })
/** A frame that decoders pass over: its magic number, its length, its bytes. */
const skippable = Buffer.concat([Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')])

/** One gzip member with these optional parts in its header. */
function member(data: Buffer, flags: number, optional: Buffer): Buffer {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(data), 0)
  trailer.writeUInt32LE(data.length, 4)
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3]), optional, deflateRawSync(data), trailer])
}

describe.each([
  ['gzip', gzip, true],
  ['zstd', zstd, false],
  ['zstd with a checksum', zstdChecked, true],
  ['two members', Buffer.concat([gzipSync(dump.subarray(0, 5000)), gzipSync(dump.subarray(5000))]), true],
  [
    'two frames',
    Buffer.concat([zstdCompressSync(dump.subarray(0, 5000)), zstdCompressSync(dump.subarray(5000))]),
    false,
  ],
  ['frames to pass over', Buffer.concat([skippable, zstdChecked, skippable]), true],
  ['an empty member', Buffer.concat([gzip, gzipSync('')]), true],
  ['an empty frame', Buffer.concat([zstd, zstdCompressSync(Buffer.alloc(0))]), false],
  [
    'a member with all that a header may have',
    member(dump, 31, Buffer.from('\x02\x00ab' + 'name\0' + 'comment\0' + '\x00\x00', 'latin1')),
    true,
  ],
])('%s', (name, packed, checksummed) => {
  test('is read to its end, however it is split', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 8 }), async (places) => {
        const report = await readDump(splitAt(packed, places))
        expect(report).toMatchObject({ outcome: 'proven', checksummed, sqlBytes: dump.length, tables: [{ rows: 500 }] })
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    ['a zero', Buffer.alloc(1)],
    ['zeros', Buffer.alloc(5000)],
    ['text', Buffer.from('junk behind it')],
    ['a newline', Buffer.from('\n')],
    ['a part of another one', packed.subarray(0, 40)],
    ['its own first byte', packed.subarray(0, 1)],
    ['a dump that is not compressed', dump],
  ])('with %s behind it is damaged, and what was whole is told', async (_, tail) => {
    const all = Buffer.concat([packed, tail])
    for (const source of [pieces(all), pieces(all, 1000), splitAt(all, [packed.length])]) {
      const report = await readDump(source)
      expect(report).toMatchObject({ outcome: 'damaged', dumps: 1, tables: [{ rows: 500 }] })
      expect(['trailing-data', 'cut']).toContain(report.findings[0]?.kind)
    }
  })

  test('without its last byte, or its last half, is cut', async () => {
    for (const end of [packed.length - 1, Math.floor(packed.length / 2)]) {
      const report = await readDump(pieces(packed.subarray(0, end)))
      expect(report.outcome, `${name} cut at ${end}`).toBe('damaged')
    }
  })
})

test('a checksum that does not fit is damage', async () => {
  const wrong = Buffer.from(gzip)
  wrong[gzip.length - 6] = (wrong[gzip.length - 6] ?? 0) ^ 1
  expect(await readDump(pieces(wrong))).toMatchObject({ outcome: 'damaged', findings: [{ kind: 'bad-compression' }] })
})

test('damage in the middle leaves no table that looks proven', async () => {
  const wrong = Buffer.from(gzip)
  wrong[2000] = (wrong[2000] ?? 0) ^ 0x55
  expect(await readDump(pieces(wrong))).toMatchObject({ outcome: 'damaged' })
})

test('a frame that asks for more memory than decoders give is not checked', async () => {
  // A window of 2 GB.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0])
  expect(await readDump(pieces(frame))).toMatchObject({
    outcome: 'not-checked',
    findings: [{ kind: 'unsupported-compression' }],
  })
})

test('zeros that unfold to a thousand times their size are passed over', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
  expect(await readDump(pieces(bomb))).toMatchObject({ outcome: 'damaged', findings: [{ kind: 'not-a-dump' }] })
})
