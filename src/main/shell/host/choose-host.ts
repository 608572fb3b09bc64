/** The first Electron whose Node has what the engine needs: Node-API 10 for SQLite, and zstd. */
const oldestForUtility = 35

export type HostChoice = { kind: 'utility' } | { kind: 'node'; node: string } | { kind: 'none'; reason: string }

export interface HostFacts {
  /** version of the running Electron */
  electron: string
  /** LIFEBOAT_NODE: a Node ≥ 24, named by the scripts that start an old Electron */
  node: string | undefined
  /** LIFEBOAT_ENGINE_HOST, heard only where the app is not packaged */
  forced: string | undefined
}

/** Which host can run the engine here. */
export function chooseHost({ electron, node, forced }: HostFacts): HostChoice {
  if (forced === 'utility' || (forced !== 'node' && Number.parseInt(electron, 10) >= oldestForUtility))
    return { kind: 'utility' }
  if (node) return { kind: 'node', node }
  return {
    kind: 'none',
    reason: `Electron ${electron} is too old to run the engine, and LIFEBOAT_NODE names no Node 24 that could.`,
  }
}
