import type { TFunction } from 'i18next'
import { beforeEach, describe, expect, test } from 'vitest'
import { wayOut } from '../../../../src/renderer/actions/way-out.ts'
import { useDatabases } from '../../../../src/renderer/stores/databases.ts'
import { useDialog } from '../../../../src/renderer/stores/dialog.ts'
import { useServers } from '../../../../src/renderer/stores/servers.ts'
import { useView } from '../../../../src/renderer/stores/view.ts'
import { databases, servers } from '../../../app/support/sample-data.ts'

const t = ((key: string) => key) as TFunction
const database = databases.find(({ backups }) => backups !== null) ?? databases[0]
const about = { serverId: null, databaseId: database?.id ?? '', copyIds: ['c1'] }

beforeEach(() => {
  useServers.setState({ value: servers })
  useDatabases.setState({ value: databases })
  useDialog.setState({ dialog: null })
  useView.setState({ view: { screen: 'activity' } })
})

describe('the way out of a failure', () => {
  test('of a host key that changed leads to the page of its own server, where the key is', () => {
    wayOut('host-key-changed', about, t)?.run()
    expect(useView.getState().view).toEqual({ screen: 'server', id: database?.server })
  })
  test.each(['folder-missing', 'env-missing', 'database-not-found', 'database-refused'] as const)(
    'of %s opens the details of its database',
    (kind) => {
      wayOut(kind, about, t)?.run()
      expect(useDialog.getState().dialog).toEqual({ kind: 'database', databaseId: database?.id })
    },
  )
  test.each(['sudo-refused', 'login-refused', 'key-file'] as const)('of %s opens the details of its server', (kind) => {
    wayOut(kind, about, t)?.run()
    expect(useDialog.getState().dialog).toEqual({ kind: 'server', serverId: database?.server })
  })
  test.each([
    ['copy-missing', 'action.removeCopy'],
    ['copy-changed', 'action.backUpNow'],
    ['backup-vanished', 'action.pullNewest'],
    ['docker-stopped', 'action.testConnection'],
  ] as const)('of %s is %s', (kind, label) => {
    expect(wayOut(kind, about, t)?.label).toBe(label)
  })
  test('is none where its subject is not known, or gone', () => {
    expect(wayOut('folder-missing', undefined, t)).toBeNull()
    expect(wayOut('sudo-refused', { ...about, databaseId: 'gone' }, t)).toBeNull()
    expect(wayOut('host-key-changed', undefined, t)?.label).toBe('action.showServers')
  })
})
