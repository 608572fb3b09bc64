import { vi } from 'vitest'
import type { CallName, Input, Output } from '#shared/contract.ts'

type Answers = { [C in CallName]?: (input: Input<C>) => Output<C> | Promise<Output<C>> }

/** The bridge of a window whose engine answers like this; every other call fails. Gives what was called, in its order. */
export function answer(answers: Answers): CallName[] {
  const calls: CallName[] = []
  const byName: Record<string, ((input: never) => unknown) | undefined> = answers
  const call = async (name: CallName, input: never) => {
    calls.push(name)
    const found = byName[name]
    if (!found) return { ok: false, failure: { kind: 'bug', message: name, detail: null, remedy: '', retry: 'no' } }
    return { ok: true, value: await found(input) }
  }
  vi.stubGlobal('window', { lifeboat: { call, subscribe: () => () => undefined } })
  return calls
}
