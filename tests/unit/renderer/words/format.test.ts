import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { atMost, formatFor, spanOf } from '../../../../src/renderer/words/format.ts'

const en = formatFor('en')
const zh = formatFor('zh-CN')
const length: Record<string, number> = { day: 86_400, hour: 3_600, minute: 60, second: 1 }
const noon = new Date('2026-11-23T12:00:00Z')

test('what is said to be the most is never less than it is', () => {
  expect(en.duration(atMost(18_721))).toBe('5 hr 13 min')
  expect(en.duration(atMost(20))).toBe('1 min')
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (seconds) => {
      const said = spanOf(atMost(seconds)).reduce((sum, [value, unit]) => sum + value * (length[unit] ?? Number.NaN), 0)
      expect(said).toBeGreaterThanOrEqual(seconds)
    }),
  )
})

describe('figures in words', () => {
  test('sizes step by thousands, with one digit where it says something', () => {
    expect(en.bytes(0)).toBe('0 bytes')
    expect(en.bytes(999)).toBe('999 bytes')
    expect(en.bytes(1000)).toBe('1 kB')
    expect(en.bytes(25_800_000)).toBe('25.8 MB')
    expect(en.bytes(532_400_000)).toBe('532 MB')
    expect(zh.bytes(1_250_000_000)).toBe('1.3 GB')
    expect(en.rate(41_000_000)).toBe('41 MB/s')
  })

  test('durations name two units at most', () => {
    expect(en.duration(1.13)).toBe('1.1 sec')
    expect(en.duration(41)).toBe('41 sec')
    expect(en.duration(200)).toBe('3 min 20 sec')
    expect(en.duration(18_720)).toBe('5 hr 12 min')
    expect(en.duration(273_600)).toBe('3 days 4 hr')
    expect(zh.duration(18_720)).toBe('5小时12分钟')
  })

  test('a duration is never said to be longer than it was, and never shorter by more than its smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 60, max: 1e8, noNaN: true }), (seconds) => {
        const parts = spanOf(seconds)
        const said = parts.reduce((sum, [value, unit]) => sum + value * (length[unit] ?? Number.NaN), 0)
        const [, largest] = parts[0] ?? [0, 'second']
        expect(said).toBeLessThanOrEqual(seconds)
        expect(seconds - said).toBeLessThan(length[largest] ?? 0)
      }),
    )
  })

  test('ages are relative, rounded down', () => {
    expect(en.ago('2026-11-23T06:59:00Z', noon)).toBe('5 hours ago')
    expect(en.ago('2026-11-23T11:59:40Z', noon)).toBe('this minute')
    expect(zh.ago('2026-11-21T12:00:00Z', noon)).toBe('2天前')
    // nothing is made younger than it is
    expect(en.ago('2026-11-21T13:00:00Z', noon)).toBe('47 hours ago')
    expect(en.ago('2026-11-10T12:00:00Z', noon)).toBe('13 days ago')
    expect(en.ago('2026-11-23T11:58:40Z', noon)).toBe('1 minute ago')
    expect(en.ago('2026-11-23T17:01:00Z', noon)).toBe('in 5 hours')
  })

  test('a zone that only the server knows is left out instead of failing', () => {
    expect(en.elsewhere('2026-11-23T12:00:00Z', 'Asia/Shanghai')).toContain('20:00:00 Asia/Shanghai')
    expect(en.elsewhere('2026-11-23T12:00:00Z', 'No/Such')).toMatch(/UTC$/)
  })
})
