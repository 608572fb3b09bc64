import type {} from '#shared/bridge.ts'
import { calls, events, type CallName, type EventName, type Events, type Input, type Output } from '#shared/contract.ts'
import { fromFailure } from '#shared/failure.ts'

interface Parser<T> {
  parse(value: unknown): T
}
const answers: { [C in CallName]: { output: Parser<Output<C>> } } = calls
const told: { [E in EventName]: Parser<Events[E]> } = events

/** Asks the shell or the engine. What comes back is checked; a failure is thrown as a LifeboatFailure. */
export async function call<C extends CallName>(name: C, input: Input<C>): Promise<Output<C>> {
  const reply = await window.lifeboat.call(name, input)
  if (!reply.ok) throw fromFailure(reply.failure)
  return answers[name].output.parse(reply.value)
}

/** Listens to one event of the contract, checked like every answer. Gives the function that stops it. */
export function on<E extends EventName>(name: E, listener: (value: Events[E]) => void): () => void {
  return window.lifeboat.subscribe((event) => {
    if (event.name === name) listener(told[name].parse(event.value))
  })
}
