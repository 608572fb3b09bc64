import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRowKernel, stops, WINDOW } from '#engine/dump/row-kernel.ts'
import { rowKernelBytes } from '#engine/dump/row-kernel-bytes.ts'
import { slowHash } from '../../../support/lookup3.ts'

const kernel = createRowKernel()

function hashOf(bytes: Uint8Array): bigint {
  kernel.reserve(WINDOW + bytes.length)
  // What lies behind the text must not matter.
  kernel.bytes.fill(0xa5, WINDOW, WINDOW + bytes.length + 64)
  kernel.bytes.set(bytes, WINDOW)
  return kernel.hash(WINDOW, bytes.length)
}

function rowsOf(text: string, tabs: number, crlf = false) {
  const bytes = Buffer.from(text)
  kernel.reserve(WINDOW + bytes.length)
  kernel.bytes.fill(10, WINDOW, WINDOW + bytes.length + 64)
  kernel.bytes.set(bytes, WINDOW)
  kernel.take()
  const stopped = kernel.copyRows(WINDOW, WINDOW + bytes.length, tabs, crlf, true) - WINDOW
  return { stopped, reason: kernel.stopped().reason, ...kernel.take() }
}

const sumOf = (...rows: string[]) => rows.reduce((sum, row) => sum + slowHash(row), 0n) % 2n ** 64n

describe('the row hash', () => {
  // SELECT hashtextextended(x COLLATE "C", 0) on PostgreSQL 15.
  test.each([
    ['', -6939563903564495251n],
    ['a', 3591986179850072241n],
    ['hello', 3449563369152288809n],
    ['abcd', -1038429303365892052n],
    ['abcdefgh', -8882191227074733005n],
    ['abcdefghi', -3278210106038014113n],
    ['hello world!', -2866487628948787489n],
    ['hello world! more 中文 text 0123456789', 1017857163227622667n],
  ])('of %j is what PostgreSQL says', (text, signed) => {
    expect(BigInt.asIntN(64, hashOf(Buffer.from(text)))).toBe(signed)
    expect(BigInt.asIntN(64, slowHash(text))).toBe(signed)
  })

  test('is the same by two ways for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => hashOf(bytes) === slowHash(bytes)))
  })
})

describe('rows of a COPY block', () => {
  test('are hashed as the values that they stand for', () => {
    const text = '1\ta\\tb\n\\N\t\\\\N\nx\\x41\\101\\q\t\\b\\f\\n\\r\\t\\v\n'
    const found = rowsOf(text, 1)
    expect(found).toMatchObject({ stopped: text.length, reason: stops.needsMore, rows: 3, lines: 3 })
    expect(found.sum).toBe(sumOf('1\ta\tb', '\u0001N\t\\N', 'xAAq\t\b\f\n\r\t\v'))
  })

  test('NULL is only what stands alone in its column', () => {
    expect(rowsOf('\\N\n\\Nx\nx\\N\n', 0).sum).toBe(sumOf('\u0001N', 'Nx', 'xN'))
  })

  test('a newline after a backslash belongs to the value', () => {
    const found = rowsOf('a\\\nb\tc\n', 1)
    expect(found).toMatchObject({ rows: 1, lines: 2 })
    expect(found.sum).toBe(sumOf('a\nb\tc'))
  })

  test.each([
    ['too few columns', 'a\n', 1, stops.wrongColumns],
    ['too many columns', 'a\tb\tc\n', 1, stops.wrongColumns],
    ['an escaped tab, which separates nothing', 'a\\\tb\n', 1, stops.wrongColumns],
    ['a value where there is no column', 'a\n', -1, stops.wrongColumns],
    ['a bare carriage return', 'a\rb\n', 0, stops.strayReturn],
    ['a zero byte', 'a\0b\n', 0, stops.nulByte],
    ['a zero byte by an escape', 'a\\000\n', 0, stops.nulByte],
    ['an end marker within a line', 'a\\.\n', 0, stops.strayMarker],
    ['escapes that are no UTF-8', '\\xff\\xfe\n', 0, stops.badUtf8],
  ])('stops at %s', (_, text, tabs, reason) => {
    expect(rowsOf(`${'ok\t'.repeat(Math.max(tabs, 0))}${tabs < 0 ? '' : 'ok'}\n${text}`, tabs)).toMatchObject({
      rows: 1,
      reason,
    })
  })

  test('escapes that make valid UTF-8 are text', () => {
    expect(rowsOf('\\xe4\\xb8\\xad\n', 0).sum).toBe(sumOf('中'))
  })

  test('lines that end with CR LF', () => {
    expect(rowsOf('a\tb\r\n\\N\tc\r\n\\.\r\n', 1, true)).toMatchObject({ rows: 2, reason: stops.endMarker })
    expect(rowsOf('a\tb\r\nc\td\n', 1, true)).toMatchObject({ rows: 1, reason: stops.noReturn })
  })

  test('the block ends at its marker and a line without its end waits', () => {
    expect(rowsOf('a\n\\.\nb\n', 0)).toMatchObject({ stopped: 2, rows: 1, reason: stops.endMarker })
    expect(rowsOf('a\nb', 0)).toMatchObject({ stopped: 2, rows: 1, reason: stops.needsMore })
    expect(rowsOf('a\n\\', 0)).toMatchObject({ stopped: 2, rows: 1, reason: stops.needsMore })
  })
})

test('the compiled bytes are those of the source', async () => {
  const { compile } = await import('../../../../assembly/build.mjs')
  expect(await compile()).toBe(rowKernelBytes)
})
