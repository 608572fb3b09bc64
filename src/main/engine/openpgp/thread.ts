import { Worker } from 'node:worker_threads'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Answer, FromThread, KeyFacts, NotOpened, Opened, Sealed, ToThread, Work } from './protocol.ts'
import type { SessionKey } from './passphrase.ts'

/** OpenPGP in a thread of its own: making a key of a passphrase takes a good part of a second on purpose. */
export type OpenPgp = {
  /** a message that the passphrase opens */
  seal(content: Uint8Array, passphrase: string): Promise<Sealed>
  /** a message for public keys. Fails with `seal-key` where one of them can not be used. */
  sealFor(content: Uint8Array, keys: readonly Uint8Array[], at: Date): Promise<Sealed>
  open(sealed: Uint8Array, passphrase: string): Promise<Opened | NotOpened>
  openWith(sealed: Uint8Array, key: SessionKey): Promise<Opened | NotOpened>
  /** Fails with `seal-key` for a file without keys. */
  readKeys(bytes: Uint8Array, at: Date): Promise<readonly KeyFacts[]>
  /** Ends the thread and with it what it holds in its memory; the next piece of work starts another one. */
  forget(): Promise<void>
}

/** From sources the worker is TypeScript; in the bundle it stands beside whatever file this code ended up in. */
function workerUrl(): URL {
  const file = import.meta.url.endsWith('.ts') ? './openpgp-worker.ts' : './openpgp-worker.js'
  return new URL(file, import.meta.url)
}

type Thread = { worker: Worker; waiting: Map<number, PromiseWithResolvers<Answer>> }

export function createOpenPgp(): OpenPgp {
  let thread: Thread | null = null
  let asked = 0

  const start = (): Thread => {
    const worker = new Worker(workerUrl(), { execArgv: [], env: {}, name: 'openpgp' })
    const waiting: Thread['waiting'] = new Map()
    const lost = (error: unknown): void => {
      if (thread?.worker === worker) thread = null
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    worker.on('message', ({ n, answer }: FromThread) => {
      waiting.get(n)?.resolve(answer)
      waiting.delete(n)
      // a thread without work holds up no process that wants to end
      if (waiting.size === 0) worker.unref()
    })
    worker.on('error', lost)
    worker.on('exit', () => lost(new LifeboatFailure('cancelled', 'The vault was locked in the middle.')))
    return { worker, waiting }
  }

  const ask = async (work: Work): Promise<Answer> => {
    thread ??= start()
    const n = asked++
    const answer = Promise.withResolvers<Answer>()
    thread.waiting.set(n, answer)
    thread.worker.ref()
    const message: ToThread = { n, work }
    thread.worker.postMessage(message)
    return answer.promise
  }

  const opened = async (work: Work): Promise<Opened | NotOpened> => {
    const answer = await ask(work)
    if (answer.outcome === 'sealed' || answer.outcome === 'keys' || answer.outcome === 'failed') throw odd(answer)
    return answer
  }

  return {
    async seal(content, passphrase) {
      const answer = await ask({ kind: 'seal', content, passphrase })
      if (answer.outcome !== 'sealed') throw odd(answer)
      return answer
    },
    async sealFor(content, keys, at) {
      const answer = await ask({ kind: 'seal-for', content, keys, at: at.toISOString() })
      if (answer.outcome === 'sealed') return answer
      throw unusable('Nothing can be sealed for one of these keys.', answer)
    },
    open: (sealed, passphrase) => opened({ kind: 'open', sealed, passphrase }),
    openWith: (sealed, key) => opened({ kind: 'open-with', sealed, key }),
    async readKeys(bytes, at) {
      const answer = await ask({ kind: 'read-keys', bytes, at: at.toISOString() })
      if (answer.outcome === 'keys') return answer.keys
      throw unusable('There is no OpenPGP public key in it.', answer)
    },
    async forget() {
      const old = thread
      thread = null
      await old?.worker.terminate()
    },
  }
}

function odd(answer: Answer): Error {
  return new Error(`OpenPGP: ${answer.outcome}${'reason' in answer ? `: ${answer.reason}` : ''}`)
}

function unusable(message: string, answer: Answer): LifeboatFailure {
  return new LifeboatFailure('seal-key', message, 'reason' in answer ? { detail: answer.reason } : {})
}
