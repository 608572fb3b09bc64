import { call } from '../bridge.ts'
import { createResource } from './resource.ts'

export const useDatabases = createResource(() => call('database.list', {}))
