import { LifeboatFailure } from '#shared/failure.ts'
import type { Handlers } from './context.ts'

type Words = Extract<keyof Handlers, `verify.${string}` | `sandbox.${string}`>

/** The words of verification, while their rooms are being built: nothing is offered that can not be done. */
export function verifyHandlers(): Pick<Handlers, Words> {
  const notYet = async (): Promise<never> => {
    throw new LifeboatFailure('not-checkable', 'This version can not restore copies.')
  }
  return {
    'verify.start': notYet,
    'verify.all': notYet,
    'verify.live': notYet,
    'verify.result': notYet,
    'sandbox.engines': async () => [],
    'sandbox.list': async () => [],
    'sandbox.stop': notYet,
  }
}
