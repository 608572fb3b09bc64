import { LifeboatFailure } from '#shared/failure.ts'
import { compareCopies } from '#engine/copies/compare.ts'
import { readCopy } from '#engine/copies/show.ts'
import type { Context, Handlers } from './context.ts'

type Words = Extract<keyof Handlers, `compare.${string}`>

export function compareHandlers({ catalogue }: Context): Pick<Handlers, Words> {
  return {
    'compare.copies': async ({ left, right }) =>
      compareCopies(await readCopy(catalogue, left), await readCopy(catalogue, right)),
    'compare.source': async () => {
      throw new LifeboatFailure('not-checkable', 'This version can not count at the source.')
    },
    'compare.result': async () => null,
  }
}
