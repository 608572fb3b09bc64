import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

export const useOverview = createResource(() =>
  call('overview.get', { timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
)
