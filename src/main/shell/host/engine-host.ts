import type { FromEngine, ToEngine } from '#shared/wire.ts'

/** What a host tells about the engine that it started. */
export interface EngineListeners {
  onMessage(message: FromEngine): void
  /** a line that the engine printed, which it only does when something is wrong */
  onOutput(line: string): void
  /** once, when the process is gone or could not be started; `reason` is for a person */
  onExit(reason: string): void
}

export interface RunningEngine {
  /** Sends a message. One to an engine that is gone is dropped: its exit is told anyway. */
  post(message: ToEngine): void
  /** Ends the process at once, without letting it clean up. */
  kill(): void
}

/** A way to run the engine in a process of its own. */
export interface EngineHost {
  readonly kind: 'utility' | 'node' | 'none'
  start(listeners: EngineListeners): RunningEngine
}
