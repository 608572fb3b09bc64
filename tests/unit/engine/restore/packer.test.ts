import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packer } from '#engine/restore/packer.ts'
import type { SlicePart } from '#engine/restore/slice-protocol.ts'

type Given = SlicePart & { text: string }

/** Packs texts of ranges, in pieces of so many bytes, into small buffers. */
function pack(ranges: readonly { text: string; lines: boolean }[], pieceBytes: number, bufferBytes: number): Given[] {
  const given: Given[] = []
  const packer = new Packer(
    ranges.map(({ lines }) => ({ step: 0, from: 0, to: 0, lines })),
    () => new ArrayBuffer(bufferBytes),
    (buffer, parts) => {
      for (const part of parts)
        given.push({ ...part, text: Buffer.from(buffer, part.from, part.to - part.from).toString() })
    },
  )
  for (const [range, { text }] of ranges.entries()) {
    for (let at = 0; at < text.length; at += pieceBytes)
      packer.bytes(range, Buffer.from(text.slice(at, at + pieceBytes)))
    packer.ends(range)
  }
  packer.flush()
  return given
}

test('nothing is lost, each range ends once, and rows are parted at ends of lines only', () => {
  const line = fc
    .string({ unit: fc.constantFrom('a', 'b', '\\', '\t'), maxLength: 40 })
    .map((text) => `${text.replace(/\\+$/, '')}\n`)
  const rows = fc.array(line, { maxLength: 12 }).map((lines) => ({ text: lines.join(''), lines: true }))
  const other = fc.string({ unit: fc.constantFrom('x', '\n'), maxLength: 90 }).map((text) => ({ text, lines: false }))
  fc.assert(
    fc.property(
      fc.array(fc.oneof(rows, other), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 8, max: 64 }),
      (ranges, pieceBytes, bufferBytes) => {
        const given = pack(ranges, pieceBytes, bufferBytes)
        for (const [range, { text, lines }] of ranges.entries()) {
          const parts = given.filter((part) => part.range === range)
          expect(parts.map((part) => part.text).join('')).toBe(text)
          expect(parts.map(({ ends }) => ends)).toEqual(parts.map((_, i) => i === parts.length - 1))
          expect(parts.at(-1)?.whole).toBe(true)
          for (const part of parts) if (lines && part.whole && part.text !== '') expect(part.text.at(-1)).toBe('\n')
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('a row that is longer than a buffer comes in pieces, and the last of them ends it', () => {
  const parts = pack([{ text: `${'a'.repeat(30)}\nb\n`, lines: true }], 100, 8)
  expect(parts.map(({ text, whole }) => [text.length, whole])).toEqual([
    [8, false],
    [8, false],
    [8, false],
    [7, true],
    [2, true],
  ])
})
