import { engineCalls, type EngineCallName, type Input, type Output } from '#shared/contract.ts'
import { fromFailure } from '#shared/failure.ts'
import type { CallResult } from '../host/engine-link.ts'

/** Asks the engine for the shell itself. Throws the engine's failure. */
export type AskEngine = <C extends EngineCallName>(name: C, input: Input<C>) => Promise<Output<C>>

// Spelled as a mapped type so that the compiler keeps a name and its output together.
const known: { [C in EngineCallName]: { output: { parse(value: unknown): Output<C> } } } = engineCalls

export function engineAsker(call: (name: EngineCallName, input: unknown) => Promise<CallResult>): AskEngine {
  return async (name, input) => {
    const result = await call(name, input)
    if (!result.ok) throw fromFailure(result.failure)
    return known[name].output.parse(result.value)
  }
}
