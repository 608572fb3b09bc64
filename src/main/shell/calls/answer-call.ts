import { z } from 'zod'
import {
  calls,
  isEngineCall,
  isShellCall,
  shellCalls,
  type CallName,
  type Output,
  type Parsed,
  type ShellCalls,
} from '#shared/contract.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import type { CallResult, EngineLink } from '../host/engine-link.ts'
import type { Log } from '../log.ts'
import { needsConfirmation, type ConfirmedCall } from './confirmation.ts'

export type ShellCallName = keyof ShellCalls
export type ShellHandlers = { [C in ShellCallName]: (input: Parsed<C>) => Promise<Output<C>> }

/** Those who answer. */
export interface Desk {
  engine: Pick<EngineLink, 'call'>
  shell: ShellHandlers
  /** asks the operator; false when he declines */
  confirm<C extends ConfirmedCall>(name: C, input: Parsed<C>): Promise<boolean>
  log: Log
}

// Spelled as mapped types so that the compiler keeps a name and its input together.
const shellInputs: { [C in ShellCallName]: { input: { parse(value: unknown): Parsed<C> } } } = shellCalls
const anyInputs: { [C in CallName]: { input: { parse(value: unknown): Parsed<C> } } } = calls

/**
 * Answers one call of the window: refuses what the contract does not know or whose input is not as it says,
 * asks the operator before anything is destroyed, and passes the rest on. Never throws.
 */
export async function answerCall(desk: Desk, name: unknown, input: unknown): Promise<CallResult> {
  try {
    if (typeof name === 'string' && isShellCall(name))
      return { ok: true, value: await answerHere(desk.shell, name, input) }
    if (typeof name === 'string' && isEngineCall(name)) {
      const parsed = parsedInput(name, input)
      if (needsConfirmation(name)) await requireConsent(desk, name, input)
      return await desk.engine.call(name, parsed)
    }
    throw new LifeboatFailure('invalid-input', 'There is no such call.')
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'bug') desk.log.error('a call failed in the shell', error)
    return { ok: false, failure }
  }
}

async function answerHere<C extends ShellCallName>(
  handlers: ShellHandlers,
  name: C,
  input: unknown,
): Promise<Output<C>> {
  return handlers[name](checked(() => shellInputs[name].input.parse(input)))
}

function parsedInput<C extends CallName>(name: C, input: unknown): Parsed<C> {
  return checked(() => anyInputs[name].input.parse(input))
}

async function requireConsent<C extends ConfirmedCall>(desk: Desk, name: C, input: unknown): Promise<void> {
  if (!(await desk.confirm(name, parsedInput(name, input))))
    throw new LifeboatFailure('cancelled', 'You decided against it. Nothing was changed.')
}

/** The schema's complaint as a failure. It names the place and never the value, which may be a secret. */
function checked<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new LifeboatFailure('invalid-input', 'Lifeboat was asked for something with a value that does not fit.', {
      detail: z.prettifyError(error),
    })
  }
}
