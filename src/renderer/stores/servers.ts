import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

export const useServers = createResource(() => call('server.list', {}))

/** Hosts named in ~/.ssh/config: read when the operator begins to add a server. */
export const useSshHosts = createResource(() => call('server.sshHosts', {}))
