import type { EngineCallName } from '#shared/contract.ts'
import { fromFailure, LifeboatFailure, toFailure, type Failure } from '#shared/failure.ts'
import {
  hostAsks,
  toEngineSchema,
  type AskInput,
  type AskName,
  type AskOutput,
  type FromEngine,
  type StartOptions,
} from '#shared/wire.ts'
import type { Keychain } from './keychain.ts'
import type { Port } from './port.ts'

/** What this adapter needs of the engine. */
export type Served = {
  /** input as it came, not parsed yet */
  answer(name: EngineCallName, input: unknown): Promise<unknown>
  subscribe(listener: (event: { name: string; value: unknown }) => void): () => void
  wake(): void
  stop(): Promise<void>
}

// spelled as a mapped type so that the compiler keeps name and answer together
const answers: { [A in AskName]: { output: { parse(value: unknown): AskOutput<A> } } } = hostAsks

type Waiting = { settle: (value: unknown) => void; fail: (failure: Failure) => void }

/**
 * Puts an engine behind a port: calls in, replies and events out, questions to the host's keychain.
 * @param exit called once, when the engine has ended in order
 */
export function serve(
  port: Port,
  start: (options: StartOptions, keychain: Keychain) => Promise<Served>,
  exit: (code: number) => void,
): void {
  const waiting = new Map<number, Waiting>()
  let engine: Served | undefined
  let stopping = false
  let hostGone = false
  let asked = 0
  const post = (message: FromEngine): void => port.post(message)

  const ask = async <A extends AskName>(name: A, input: AskInput<A>): Promise<AskOutput<A>> => {
    if (hostGone) throw noHost()
    const n = asked++
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting.set(n, { settle: resolve, fail: (failure) => reject(fromFailure(failure)) })
    post({ t: 'ask', n, name, input })
    return answers[name].output.parse(await promise)
  }

  const reply = async (n: number, name: EngineCallName, input: unknown): Promise<void> => {
    try {
      if (!engine) throw new Error('a call before ready')
      post({ t: 'reply', n, ok: true, value: await engine.answer(name, input) })
    } catch (error) {
      post({ t: 'reply', n, ok: false, failure: toFailure(error) })
    }
  }

  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    try {
      await engine?.stop()
      exit(0)
    } catch (error) {
      process.stderr.write(`${JSON.stringify(toFailure(error))}\n`)
      exit(1)
    }
  }

  const begin = async (options: StartOptions): Promise<void> => {
    engine = await start(options, keychainOver(ask))
    engine.subscribe((event) => post({ t: 'event', name: event.name, value: event.value }))
    post({ t: 'ready', version: options.version })
  }

  port.onMessage((raw) => {
    const parsed = toEngineSchema.safeParse(raw)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.t) {
      case 'start':
        begin(message.options).catch((error: unknown) => {
          // the host shows the last words of an engine that could not start
          process.stderr.write(`${JSON.stringify(toFailure(error))}\n`)
          exit(1)
        })
        return
      case 'call':
        void reply(message.n, message.name, message.input)
        return
      case 'answer': {
        const entry = waiting.get(message.n)
        waiting.delete(message.n)
        if (message.ok) entry?.settle(message.value)
        else entry?.fail(message.failure)
        return
      }
      case 'wake':
        engine?.wake()
        return
      case 'stop':
        void stop()
    }
  })
  port.onClose(() => {
    hostGone = true
    // a job that waits for such an answer would keep the engine from ending
    for (const { fail } of waiting.values()) fail(toFailure(noHost()))
    waiting.clear()
    void stop()
  })
}

function noHost(): LifeboatFailure {
  return new LifeboatFailure('engine-stopped', 'The window that could have answered is gone.')
}

function keychainOver(ask: <A extends AskName>(name: A, input: AskInput<A>) => Promise<AskOutput<A>>): Keychain {
  return {
    status: async () => (await ask('keychain.status', {})).status,
    get: async (reference) => (await ask('keychain.get', { reference })).secret,
    set: async (reference, secret) => void (await ask('keychain.set', { reference, secret })),
    delete: async (reference) => void (await ask('keychain.delete', { reference })),
    list: async () => (await ask('keychain.list', {})).references,
  }
}
