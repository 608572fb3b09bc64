import { describe, expect, it } from 'vitest'
import { faceOf, highestRung, latestProofs, type Outcome, type Proof, type Rung } from '#shared/proof.ts'

const proof = (rung: Rung, outcome: Outcome, at = '2026-01-01T00:00:00.000Z'): Proof => ({
  rung,
  outcome,
  at,
  seconds: 1,
  engine: 'test',
  detail: '',
})

describe('the ladder', () => {
  it('stands only on rungs without a gap', () => {
    expect(highestRung([])).toBeNull()
    expect(highestRung([proof('stored', 'proven'), proof('readable', 'proven')])).toBe('readable')
    expect(highestRung([proof('stored', 'proven'), proof('exact', 'proven')])).toBe('stored')
    expect(highestRung([proof('stored', 'not-checked'), proof('readable', 'proven')])).toBeNull()
  })

  it('lets damage outweigh everything that was proven', () => {
    const proofs = [proof('stored', 'damaged'), proof('readable', 'proven')]
    expect(highestRung(proofs)).toBeNull()
    expect(faceOf(proofs)).toBe('damaged')
  })

  it('never shows what could not be checked as proven', () => {
    expect(faceOf([])).toBe('not-checked')
    expect(faceOf([proof('stored', 'not-checked')])).toBe('not-checked')
  })

  it('counts the proof of a rung that came last, whatever the clocks said', () => {
    const early = proof('stored', 'proven', '2026-02-01T00:00:00.000Z')
    const late = proof('stored', 'damaged', '2026-01-01T00:00:00.000Z')
    expect(latestProofs([early, late])).toEqual([late])
    expect(faceOf([early, late])).toBe('damaged')
    expect(faceOf([late, early])).toBe('proven')
  })
})
