import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

/** The throw-away databases that stand right now. */
export const useSandboxes = createResource(() => call('sandbox.list', {}))

/** What can run one on this computer. Asking starts programs, so it happens when somebody looks. */
export const useEngines = createResource(() => call('sandbox.engines', {}))
