import type { FailureKind } from '#shared/failure.ts'
import type { Outcome } from '#shared/proof.ts'

/** Exit codes are a contract: scripts act on them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, damaged: 4, notChecked: 5 } as const

export function exitOfFailure(kind: FailureKind): number {
  switch (kind) {
    case 'wrong-usage':
    case 'invalid-input':
      return exitCodes.usage
    case 'host-key-unknown':
    case 'host-key-changed':
    case 'dump-refused':
    case 'seal-refused':
      return exitCodes.refused
    case 'seal-damaged':
      return exitCodes.damaged
    case 'not-checkable':
      return exitCodes.notChecked
    default:
      return exitCodes.failed
  }
}

export function exitOfOutcome(outcome: Outcome): number {
  switch (outcome) {
    case 'proven':
      return exitCodes.done
    case 'damaged':
      return exitCodes.damaged
    case 'not-checked':
      return exitCodes.notChecked
  }
}

/** What a script is to act on when several things ended: damage before all, and done only where all of them are. */
export function worstExit(codes: readonly number[]): number {
  const { damaged, refused, failed, notChecked, done } = exitCodes
  return [damaged, refused, failed, notChecked].find((code) => codes.includes(code)) ?? done
}
