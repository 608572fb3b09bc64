import { call } from '../bridge.ts'
import { useServers } from '../stores/servers.ts'
import { useDatabases } from '../stores/databases.ts'
import { useView } from '../stores/view.ts'
import type { Pin } from '#shared/server.ts'
import { perform, words } from './perform.ts'

export function testServer(id: string): void {
  void perform(words()('action.testConnection'), async () => void (await call('server.test', { id })))
}

export function removeServer(id: string): void {
  void perform(words()('action.removeServer'), async () => {
    await call('server.remove', { id })
    await useServers.getState().refresh()
    if (!useServers.getState().value?.some((server) => server.id === id)) useView.getState().go({ screen: 'servers' })
  })
}

export function removeDatabase(id: string): void {
  void perform(words()('action.removeDatabase'), async () => {
    await call('database.remove', { id })
    await useDatabases.getState().refresh()
  })
}

export function removePin(pin: Pick<Pin, 'host' | 'port' | 'way' | 'type'>): void {
  const { host, port, way, type } = pin
  void perform(words()('action.removePin'), async () => void (await call('pin.remove', { host, port, way, type })))
}

/** Starts the demo server, adds it with its databases and opens its page. */
export async function startDemo(): Promise<void> {
  await perform(words()('action.startDemo'), async () => {
    const { serverId } = await call('demo.start', {})
    await Promise.all([useServers.getState().refresh(), useDatabases.getState().refresh()])
    useView.getState().go({ screen: 'server', id: serverId })
    await call('server.test', { id: serverId })
  })
}

export function removeDemo(): void {
  void perform(words()('action.removeDemo'), async () => {
    await call('demo.remove', {})
    await useServers.getState().refresh()
    useView.getState().go({ screen: 'servers' })
  })
}
