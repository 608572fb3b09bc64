import { create } from 'zustand'
import { call, on } from '../bridge.ts'
import { createResource } from './resource.ts'

export const useAppFacts = createResource(() => call('app.facts', {}))
export const useShellFacts = createResource(() => call('shell.facts', {}))

interface EngineState {
  state: 'starting' | 'running' | 'stopped'
  reason: string | null
}

/** How the engine is: what the shell last said about it. */
export const useEngine = create<EngineState>(() => ({ state: 'starting', reason: null }))

/** `onStopped`: what it was doing will never end. */
export function followEngine(onRunning: () => void, onStopped: () => void): () => void {
  return on('engine', (engine) => {
    const before = useEngine.getState().state
    // While it is being started again after a crash, the crash is still what is to be said.
    const reason = engine.state === 'starting' ? useEngine.getState().reason : engine.reason
    useEngine.setState({ state: engine.state, reason })
    if (engine.state === 'stopped') onStopped()
    if (engine.state === 'running' && before !== 'running') onRunning()
  })
}
