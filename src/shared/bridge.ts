import type { CallName, Events, Input, Output } from './contract.ts'
import type { Failure } from './failure.ts'

/** How a call comes back to the window: never as an exception, which would lose the failure's fields on the way. */
export type Reply<C extends CallName> = { ok: true; value: Output<C> } | { ok: false; failure: Failure }

/** An event of the engine or of the shell, told apart by its name. */
export type BridgeEvent = { [E in keyof Events]: { name: E; value: Events[E] } }[keyof Events]

/** All that the window can reach: `window.lifeboat`. */
export interface Bridge {
  call<C extends CallName>(name: C, input: Input<C>): Promise<Reply<C>>
  /** Every event from now on. Gives the function that ends it. */
  subscribe(listener: (event: BridgeEvent) => void): () => void
}

declare global {
  interface Window {
    readonly lifeboat: Bridge
  }
}
