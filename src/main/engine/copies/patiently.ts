import { setTimeout as pause } from 'node:timers/promises'
import { LifeboatFailure } from '#shared/failure.ts'

const tries = 20
const againMs = 500

/** Does what needs the catalogue, again and again while another program holds it: evidence is not given up for that. */
export async function patiently<T>(work: () => T): Promise<T> {
  for (let left = tries; ; left--) {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'catalogue-busy' || left === 0) throw error
      await pause(againMs)
    }
  }
}
