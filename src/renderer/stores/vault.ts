import { on } from '../bridge.ts'
import { useOpenSeal } from './open-seal.ts'
import { useReveal } from './reveal.ts'
import { useSealDifference } from './seal-difference.ts'
import { useVaultState } from './seals.ts'

/** Keeps what the window holds of the vault in step with its lock. Gives the function that ends it. */
export function followVault(): () => void {
  const ends = [
    on('vault', (state) => {
      useVaultState.setState({ value: state, failure: null })
      if (!state.unlocked) forgetOpened()
    }),
    // An engine that stops takes every passphrase with it: what it opened is closed here too.
    on('engine', ({ state }) => {
      if (state !== 'running') forgetOpened()
    }),
  ]
  return () => ends.forEach((end) => end())
}

/** Nothing that came out of the vault stays in the window. */
function forgetOpened(): void {
  useReveal.getState().release()
  useOpenSeal.getState().shut()
  useSealDifference.getState().shut()
}
