import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SftpPackets } from '#engine/ssh/sftp-packets.ts'
import { decodeAnswer, encodeRequest, request, type SftpAnswer } from '#engine/ssh/sftp-wire.ts'

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const text = (value: string | Buffer): Buffer => Buffer.concat([u32(Buffer.byteLength(value)), Buffer.from(value)])
const packet = (type: number, id: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from([type]), u32(id), ...parts])
  return Buffer.concat([u32(body.length), body])
}

/** What a server says, with the same as bytes. */
type Said = { id: number; bytes: Buffer; what: SftpAnswer | Buffer }

const id = fc.nat({ max: 0xffff_ffff })
const attrs = fc.record(
  {
    size: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    mode: fc.nat({ max: 0xffff }),
    mtime: fc.nat({ max: 0xffff_ffff }),
  },
  { requiredKeys: [] },
)
const attrsBytes = (told: { size?: number; mode?: number; mtime?: number }, owners: boolean, more: boolean): Buffer => {
  const flag = (bit: number, there: boolean): number => (there ? bit : 0)
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(told.size ?? 0))
  const flags = flag(1, told.size !== undefined) + flag(2, owners) + flag(4, told.mode !== undefined)
  return Buffer.concat([
    u32(flags + flag(8, told.mtime !== undefined) + flag(0x8000_0000, more)),
    told.size === undefined ? Buffer.alloc(0) : size,
    owners ? Buffer.alloc(8, 7) : Buffer.alloc(0),
    told.mode === undefined ? Buffer.alloc(0) : u32(told.mode),
    told.mtime === undefined ? Buffer.alloc(0) : Buffer.concat([u32(1), u32(told.mtime)]),
    more ? Buffer.concat([u32(1), text('name'), text('value')]) : Buffer.alloc(0),
  ])
}
const filled = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.tuple(id, filled).map(([n, data]) => ({ id: n, bytes: packet(103, n, text(data)), what: data })),
  fc.tuple(id, fc.nat({ max: 8 }), fc.string({ unit: 'grapheme' })).map(([n, code, message]) => ({
    id: n,
    bytes: packet(101, n, u32(code), text(message), text('en')),
    what: { kind: 'status' as const, code, message },
  })),
  fc.tuple(id, filled).map(([n, handle]) => ({
    id: n,
    bytes: packet(102, n, text(handle)),
    what: { kind: 'handle' as const, handle },
  })),
  fc.tuple(id, attrs, fc.boolean(), fc.boolean()).map(([n, told, owners, more]) => ({
    id: n,
    bytes: packet(105, n, attrsBytes(told, owners, more)),
    what: { kind: 'attrs' as const, attrs: told },
  })),
  fc
    .tuple(id, fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), attrs, fc.boolean()), { maxLength: 5 }))
    .map(([n, names]) => ({
      id: n,
      bytes: packet(
        104,
        n,
        u32(names.length),
        ...names.flatMap(([name, told, more]) => [text(name), text('-rw'), attrsBytes(told, false, more)]),
      ),
      what: { kind: 'names' as const, names: names.map(([name, told]) => ({ name, attrs: told })) },
    })),
)

/** Pushes all of it, cut at these places, and gives what came out; each chunk's memory is spoilt once it was taken. */
function heard(bytes: Buffer, cuts: readonly number[]): { id: number; what: SftpAnswer | Buffer }[] {
  const told: { id: number; what: SftpAnswer | Buffer }[] = []
  let place: Buffer = Buffer.alloc(0)
  const packets = new SftpPackets({
    placeFor: (_id, length) => (place = Buffer.alloc(length)),
    filled: (n, length) => void told.push({ id: n, what: place.subarray(0, length) }),
    told: (n, what) => void told.push({ id: n, what }),
  })
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    const chunk = Buffer.from(bytes.subarray(from, end))
    packets.push(chunk)
    chunk.fill(0xee)
    from = end
  }
  return told
}

describe('what an SFTP server says', () => {
  test('is understood wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 12 }), (all, cuts) => {
        const bytes = Buffer.concat(all.map((one) => one.bytes))
        expect(heard(bytes, cuts)).toEqual(all.map(({ id: n, what }) => ({ id: n, what })))
      }),
      { numRuns: 500 },
    )
  })

  test('byte by byte, also its greeting', () => {
    const greeting = Buffer.concat([u32(5), Buffer.from([2]), u32(3)])
    const bytes = Buffer.concat([greeting, packet(103, 9, text('abc'))])
    expect(heard(bytes, [...bytes.keys()])).toEqual([
      { id: 3, what: { kind: 'version' } },
      { id: 9, what: Buffer.from('abc') },
    ])
  })

  test.each([
    ['a login shell’s greeting', Buffer.from('Welcome to the server!\n')],
    ['a packet without a number', Buffer.concat([u32(1), Buffer.from([101]), Buffer.alloc(20)])],
    ['a packet that no server sends', Buffer.concat([u32(10_000_000), Buffer.from([101]), u32(1)])],
    ['data with another length inside', packet(103, 1, u32(4), Buffer.from('abc'))],
    ['a name that ends behind its packet', packet(104, 1, u32(1), u32(100), Buffer.from('abc'))],
    ['a size that no file has', packet(105, 1, u32(1), Buffer.alloc(8, 0xff))],
    ['an unknown type', packet(99, 1)],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(() => heard(bytes, [])).toThrow(/SFTP/)
  })

  test('never hangs and never reads beyond its end, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(101, 102, 104, 105), fc.uint8Array({ maxLength: 200 }), (type, body) => {
        try {
          decodeAnswer(type, Buffer.from(body))
        } catch (error) {
          expect(String(error)).toContain('SFTP')
        }
      }),
      { numRuns: 2000 },
    )
  })
})

test('a request has its length, its type, its number and its fields', () => {
  const bytes = encodeRequest(request.read, 7, [Buffer.from('h'), 2n ** 40n, 32_768])
  expect(bytes).toEqual(packet(5, 7, text('h'), Buffer.from([0, 0, 1, 0, 0, 0, 0, 0]), u32(32_768)))
})
