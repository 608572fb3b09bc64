import { z } from 'zod'
import { engineEvents, isEngineCall, type EngineCallName, type EngineEvent } from './contract.ts'
import { failureSchema } from './failure.ts'

/*
 * What the shell (or whoever hosts the engine) and the engine say to each other.
 *
 * The engine is a process of its own. Under Electron's utilityProcess it speaks through `process.parentPort`
 * (a message is the event's `data`), under a plain Node through `process.send` and `process.on('message')`
 * with 'advanced' serialization. Either way one message is one plain object of the two unions below.
 *
 *   host → engine  start   once, first of all
 *   engine → host  ready   from now on calls are answered; no call is sent before it
 *   host → engine  call    answered by exactly one reply with the same n
 *   engine → host  ask     answered by exactly one answer with the same n
 *   host → engine  wake    the computer was asleep: connections from before are not to be trusted
 *   host → engine  stop    end running jobs in order, then exit with 0
 *
 * An engine whose host goes away ('disconnect' under Node) ends as if it had been told to stop.
 */

const n = z.number().int().nonnegative()

export const startOptionsSchema = z.object({
  /** absolute folder of catalogue, settings and keychain */
  dataDir: z.string().min(1),
  /** absolute folder of the copies while the settings name no other; null: `copies` in dataDir */
  copiesDir: z.string().min(1).nullable(),
  /** absolute folder where logs are written */
  logsDir: z.string().min(1),
  /** Lifeboat's own version */
  version: z.string().min(1),
})
export type StartOptions = z.infer<typeof startOptionsSchema>

/** Whether secrets can be kept. `basic_text`: only under a constant key, which is as good as not at all. */
export const keychainStatusSchema = z.enum(['available', 'absent', 'basic_text'])
export type KeychainStatus = z.infer<typeof keychainStatusSchema>

const nothing = z.object({})
const reference = z.string().min(1).max(500)

function ask<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O } {
  return { input, output }
}

/** What the engine may ask of its host: the only things that the desktop has and the engine has not. */
export const hostAsks = {
  'keychain.status': ask(nothing, z.object({ status: keychainStatusSchema })),
  /** null: nothing is kept under this reference, or it can no longer be read */
  'keychain.get': ask(z.object({ reference }), z.object({ secret: z.string().nullable() })),
  /** refused as `keychain-absent` where the status is not `available` */
  'keychain.set': ask(z.object({ reference, secret: z.string().max(100_000) }), nothing),
  /** also where nothing was kept */
  'keychain.delete': ask(z.object({ reference }), nothing),
  /** the references that something is kept under */
  'keychain.list': ask(nothing, z.object({ references: z.array(z.string()) })),
} as const
export type HostAsks = typeof hostAsks
export type AskName = keyof HostAsks
export type AskInput<A extends AskName> = z.output<HostAsks[A]['input']>
export type AskOutput<A extends AskName> = z.output<HostAsks[A]['output']>

export const askNames = [
  'keychain.status',
  'keychain.get',
  'keychain.set',
  'keychain.delete',
  'keychain.list',
] as const satisfies readonly AskName[]

export const toEngineSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('start'), options: startOptionsSchema }),
  z.object({ t: z.literal('call'), n, name: z.custom<EngineCallName>(isCallName), input: z.unknown() }),
  z.discriminatedUnion('ok', [
    z.object({ t: z.literal('answer'), n, ok: z.literal(true), value: z.unknown() }),
    z.object({ t: z.literal('answer'), n, ok: z.literal(false), failure: failureSchema }),
  ]),
  z.object({ t: z.literal('wake') }),
  z.object({ t: z.literal('stop') }),
])
export type ToEngine = z.infer<typeof toEngineSchema>

export const fromEngineSchema = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ready'), version: z.string() }),
  z.discriminatedUnion('ok', [
    z.object({ t: z.literal('reply'), n, ok: z.literal(true), value: z.unknown() }),
    z.object({ t: z.literal('reply'), n, ok: z.literal(false), failure: failureSchema }),
  ]),
  z.object({ t: z.literal('event'), name: z.string(), value: z.unknown() }),
  z.object({ t: z.literal('ask'), n, name: z.enum(askNames), input: z.unknown() }),
])
export type FromEngine = z.infer<typeof fromEngineSchema>

/** An event message as the contract types it; null when the contract knows no such event. */
export function readEvent(message: { name: string; value: unknown }): EngineEvent | null {
  const { name, value } = message
  switch (name) {
    case 'job':
      return { name, value: engineEvents.job.parse(value) }
    case 'changed':
      return { name, value: engineEvents.changed.parse(value) }
    case 'test':
      return { name, value: engineEvents.test.parse(value) }
    case 'prompt':
      return { name, value: engineEvents.prompt.parse(value) }
    case 'promptClosed':
      return { name, value: engineEvents.promptClosed.parse(value) }
    case 'vault':
      return { name, value: engineEvents.vault.parse(value) }
    case 'verification':
      return { name, value: engineEvents.verification.parse(value) }
    default:
      return null
  }
}

function isCallName(value: unknown): boolean {
  return typeof value === 'string' && isEngineCall(value)
}
