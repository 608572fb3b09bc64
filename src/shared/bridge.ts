import type { Failure } from './failure.ts'

export type BridgeAnswer = { ok: true; value: unknown } | { ok: false; failure: Failure }
export type BridgeEvent = { name: string; value: unknown }

/** What the preload puts at `window.lifeboat`: all that the window can reach. Values are checked against the contract on both sides. */
export interface Bridge {
  call(name: string, input: unknown): Promise<BridgeAnswer>
  /** Gives the function that ends the subscription. */
  subscribe(listener: (event: BridgeEvent) => void): () => void
}
