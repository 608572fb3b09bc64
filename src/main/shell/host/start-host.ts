import type { Log } from '../log.ts'
import { chooseHost, type HostFacts } from './choose-host.ts'
import type { EngineHost } from './engine-host.ts'
import { nodeHost } from './node-host.ts'
import { utilityHost } from './utility-host.ts'

/** The host that can run the engine here; one that only says why, where there is none. */
export function hostFor(facts: HostFacts, entry: string, log: Log): EngineHost {
  const choice = chooseHost(facts)
  log.info(`engine: ${choice.kind} host, Electron ${facts.electron}`)
  switch (choice.kind) {
    case 'utility':
      return utilityHost({ entry, env: process.env })
    case 'node':
      return nodeHost({ node: choice.node, entry, env: process.env })
    case 'none':
      return noHost(choice.reason)
  }
}

function noHost(reason: string): EngineHost {
  return {
    kind: 'none',
    start(listeners) {
      queueMicrotask(() => listeners.onExit(reason))
      return { post: () => undefined, kill: () => undefined }
    },
  }
}
