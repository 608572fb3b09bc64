import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inUtc } from '#engine/proof/instants.ts'

describe('points in time in a definition', () => {
  it('are the same in every zone, and others are not', () => {
    const shanghai = "FOR VALUES FROM ('2025-01-01 00:00:00+08') TO ('2026-01-01 00:00:00.5+08')"
    const utc = "FOR VALUES FROM ('2024-12-31 16:00:00+00') TO ('2025-12-31 16:00:00.5+00')"
    expect(inUtc(shanghai)).toBe(inUtc(utc))
    expect(inUtc(shanghai)).not.toBe(inUtc(utc.replace('16:00:00+00', '16:00:01+00')))
    expect(inUtc(shanghai)).not.toBe(inUtc(utc.replace('.5', '.6')))
  })

  it('leave everything else as it is', () => {
    const bound = "FOR VALUES IN ('2025-01-01', 'a+08', '12:00:00+08', NULL)"
    expect(inUtc(bound)).toBe(bound)
  })

  it('hold for any offset that a zone can have', () => {
    const offset = fc.record({
      sign: fc.constantFrom('+', '-'),
      hours: fc.nat(15),
      minutes: fc.constantFrom(0, 15, 30, 45),
    })
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1000-01-01'), max: new Date('9998-01-01'), noInvalidDate: true }),
        offset,
        (date, at) => {
          const two = (number: number): string => String(number).padStart(2, '0')
          const shift = (at.hours * 60 + at.minutes) * 60_000 * (at.sign === '-' ? -1 : 1)
          const whole = new Date(Math.floor(date.getTime() / 1000) * 1000)
          const local = new Date(whole.getTime() + shift).toISOString().slice(0, 19).replace('T', ' ')
          const minutes = at.minutes === 0 ? '' : `:${two(at.minutes)}`
          expect(inUtc(`'${local}${at.sign}${two(at.hours)}${minutes}'`)).toBe(`'${whole.toISOString().slice(0, 19)}Z'`)
        },
      ),
    )
  })
})
