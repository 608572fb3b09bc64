import { describe, expect, it, test } from 'vitest'
import { failureKinds } from '#shared/failure.ts'
import { exitOfFailure, exitOfOutcome } from '../../../src/main/cli/exit.ts'

test('no failure ends as success, and only a seal that was tampered with or cut ends as damaged', () => {
  const damaged = failureKinds.filter((kind) => exitOfFailure(kind) === 4)
  expect(damaged).toEqual(['seal-damaged'])
  for (const kind of failureKinds) expect([1, 2, 3, 4, 5]).toContain(exitOfFailure(kind))
})

describe('codes that scripts act on', () => {
  it.each([
    ['host-key-unknown', 3],
    ['host-key-changed', 3],
    ['dump-refused', 3],
    ['wrong-usage', 2],
    ['invalid-input', 2],
    ['not-checkable', 5],
    ['cancelled', 1],
    ['bug', 1],
  ] as const)('a failure of kind %s ends with %i', (kind, code) => {
    expect(exitOfFailure(kind)).toBe(code)
  })

  it.each([
    ['proven', 0],
    ['damaged', 4],
    ['not-checked', 5],
  ] as const)('what was checked and is %s ends with %i', (outcome, code) => {
    expect(exitOfOutcome(outcome)).toBe(code)
  })
})
