import { expect, test } from 'vitest'
import { useDatabases } from '../../../../src/renderer/stores/databases.ts'
import { followPlaces, useDrifts } from '../../../../src/renderer/stores/drifts.ts'
import { useServers } from '../../../../src/renderer/stores/servers.ts'
import { databases, servers } from '../../../app/support/sample-data.ts'

const known = { jobId: 'j', running: false, drift: null, failure: null }
const ids = (): string[] => Object.keys(useDrifts.getState().drifts)

test('what was compared of a database goes when it or its server becomes another one, and not because it was read again', () => {
  useDatabases.setState({ value: databases })
  useServers.setState({ value: servers })
  const first = databases[0]
  const far = databases.find(({ server }) => server !== first?.server)
  if (!first || !far) throw new Error('There is nothing to try it with.')
  useDrifts.setState({ drifts: { [first.id]: known, [far.id]: known } })
  const end = followPlaces()
  useDatabases.setState({ value: databases.map((database) => ({ ...database })) })
  expect(ids()).toEqual([first.id, far.id])
  useServers.setState({ value: servers.map((each) => (each.id === far.server ? { ...each, host: 'other' } : each)) })
  expect(ids()).toEqual([first.id])
  useDatabases.setState({ value: [{ ...first, env: [] }] })
  expect(ids()).toEqual([])
  end()
})
