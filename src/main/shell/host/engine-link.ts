import type { EngineCallName, EngineEvent } from '#shared/contract.ts'
import { LifeboatFailure, toFailure, type Failure } from '#shared/failure.ts'
import { readEvent, type AskName, type FromEngine, type StartOptions } from '#shared/wire.ts'
import type { Log } from '../log.ts'
import type { EngineHost, RunningEngine } from './engine-host.ts'
import { restartDelay } from './restart-policy.ts'

export type EngineState = 'starting' | 'running' | 'stopped'
export type CallResult = { ok: true; value: unknown } | { ok: false; failure: Failure }

export interface LinkOptions {
  host: EngineHost
  start: StartOptions
  log: Log
  now: () => Date
  /** answers what the engine asks of the desktop; what it throws becomes the answer's failure */
  answer(name: AskName, input: unknown): Promise<unknown>
  onState(state: EngineState, reason: string | null): void
  onEvent(event: EngineEvent): void
}

/** How long an engine that was told to stop may take to end its jobs, the remote ones too. */
const stopGraceMs = 10_000

/**
 * The one line to the engine: keeps it alive, numbers the calls, and answers every one of them,
 * if need be with the failure `engine-stopped`.
 */
export class EngineLink {
  readonly #options: LinkOptions
  readonly #pending = new Map<number, (result: CallResult) => void>()
  /** calls that came before the engine was ready; sent in their order when it is */
  #waiting: (() => void)[] = []
  #engine: RunningEngine | null = null
  /** before its first start too: calls wait for it */
  #state: EngineState = 'starting'
  #crashes: Date[] = []
  #restart: NodeJS.Timeout | undefined
  #next = 0
  /** set for good once the engine was told to stop */
  #stopping = false
  /** set while an engine ends to make room for the next */
  #restarting = false
  #gone: (() => void)[] = []

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get state(): EngineState {
    return this.#state
  }

  /** Starts the engine, unless it is there. Also forgives earlier crashes: somebody asked for it. */
  start(): void {
    if (this.#engine !== null || this.#stopping) return
    clearTimeout(this.#restart)
    this.#crashes = []
    this.#begin()
  }

  /** Asks the engine, and starts it for the first of all. Never throws: one that stops in between is a failure like others. */
  call(name: EngineCallName, input: unknown): Promise<CallResult> {
    if (this.#state === 'stopped') return Promise.resolve({ ok: false, failure: stoppedFailure() })
    if (this.#engine === null) this.start()
    const n = this.#next++
    return new Promise((resolve) => {
      this.#pending.set(n, resolve)
      const send = (): void => this.#engine?.post({ t: 'call', n, name, input })
      if (this.#state === 'running') send()
      else this.#waiting.push(send)
    })
  }

  /** The computer was asleep. */
  wake(): void {
    if (this.#state === 'running') this.#engine?.post({ t: 'wake' })
  }

  /** Ends the engine in order and for good: it cleans up after running jobs, for which it has ten seconds. */
  async stop(): Promise<void> {
    clearTimeout(this.#restart)
    this.#stopping = true
    await this.#end()
  }

  /** Ends the engine in order, where there is one, and starts the next. Resolves when that is starting. */
  async restart(): Promise<void> {
    // its end is none of the crashes after which another start makes no sense, and is not answered by a start of its own
    this.#restarting = true
    await this.#end()
    this.#restarting = false
    this.start()
  }

  async #end(): Promise<void> {
    const engine = this.#engine
    if (engine === null) return
    const gone = new Promise<void>((resolve) => this.#gone.push(resolve))
    engine.post({ t: 'stop' })
    const grace = setTimeout(() => {
      this.#options.log.error('the engine did not stop in time and was ended')
      engine.kill()
    }, stopGraceMs)
    await gone
    clearTimeout(grace)
  }

  #begin(): void {
    this.#setState('starting', null)
    const engine: RunningEngine = this.#options.host.start({
      onMessage: (message) => this.#receive(engine, message),
      onOutput: (line) => this.#options.log.info(`engine: ${line}`),
      onExit: (reason) => this.#ended(reason),
    })
    this.#engine = engine
    engine.post({ t: 'start', options: this.#options.start })
  }

  #receive(engine: RunningEngine, message: FromEngine): void {
    switch (message.t) {
      case 'ready':
        this.#setState('running', null)
        for (const send of this.#waiting.splice(0)) send()
        return
      case 'reply':
        this.#pending.get(message.n)?.(
          message.ok ? { ok: true, value: message.value } : { ok: false, failure: message.failure },
        )
        this.#pending.delete(message.n)
        return
      case 'event':
        this.#announce(message)
        return
      case 'ask':
        void this.#answer(engine, message.n, message.name, message.input)
    }
  }

  #announce(message: { name: string; value: unknown }): void {
    try {
      const event = readEvent(message)
      if (event) this.#options.onEvent(event)
      else this.#options.log.error(`the engine sent an unknown event: ${message.name}`)
    } catch (error) {
      this.#options.log.error(`the event ${message.name} could not be passed on`, error)
    }
  }

  async #answer(engine: RunningEngine, n: number, name: AskName, input: unknown): Promise<void> {
    try {
      engine.post({ t: 'answer', n, ok: true, value: await this.#options.answer(name, input) })
    } catch (error) {
      engine.post({ t: 'answer', n, ok: false, failure: toFailure(error) })
    }
  }

  #ended(reason: string): void {
    this.#engine = null
    this.#waiting = []
    this.#setState('stopped', this.#restarting ? null : reason)
    for (const resolve of this.#pending.values()) resolve({ ok: false, failure: stoppedFailure() })
    this.#pending.clear()
    for (const tell of this.#gone.splice(0)) tell()
    if (this.#stopping || this.#restarting) return
    this.#options.log.error(`the engine stopped: ${reason}`)
    this.#crashes.push(this.#options.now())
    const delay = restartDelay(this.#crashes, this.#options.now())
    if (delay === null) this.#options.log.error('the engine is not started again: it crashed too often')
    else this.#restart = setTimeout(() => this.#engine ?? this.#begin(), delay)
  }

  #setState(state: EngineState, reason: string | null): void {
    this.#state = state
    this.#options.onState(state, reason)
  }
}

function stoppedFailure(): Failure {
  return toFailure(new LifeboatFailure('engine-stopped', 'The part of Lifeboat that does the work has stopped.'))
}
