import type { CopyRow } from '#shared/copy.ts'
import type { Input } from '#shared/contract.ts'
import { call } from '../bridge.ts'
import { useNotices } from '../stores/notices.ts'
import { useView } from '../stores/view.ts'
import { chooseFile } from './desktop.ts'
import { perform, words } from './perform.ts'

interface Target {
  id: string
  serverName: string
  label: string
}

function started(title: string, database?: Target): void {
  const t = words()
  useNotices.getState().tell({
    kind: 'plain',
    title,
    ...(database ? { subject: { server: database.serverName, label: database.label } } : {}),
    action: { label: t('action.showActivity'), run: () => useView.getState().go({ screen: 'activity' }) },
  })
}

export function backUpNow(database: Target): void {
  const t = words()
  void perform(t('action.backUpNow'), async () => {
    await call('backup.start', { databaseId: database.id })
    started(t('notice.backupStarted'), database)
  })
}

/** Seals the .env files of a database again, as they were sealed before. */
export function sealNow(database: Target): void {
  const t = words()
  void perform(t('action.sealNow'), async () => {
    await call('vault.seal', { databaseId: database.id })
    started(t('notice.sealStarted'), database)
  })
}

export function pull(database: Target, which: Input<'pull.start'>['which']): void {
  const t = words()
  void perform(t('action.pull'), async () => {
    await call('pull.start', { databaseId: database.id, which })
    started(t('notice.pullStarted'), database)
  })
}

export function checkCopy(copy: Pick<CopyRow, 'id'>): void {
  const t = words()
  void perform(t('action.checkAgain'), async () => {
    await call('copy.check', { id: copy.id })
    started(t('notice.checkStarted'))
  })
}

export function removeCopy(id: string): void {
  void perform(words()('action.removeCopy'), async () => {
    await call('copy.remove', { id })
    const { view, go } = useView.getState()
    if (view.screen === 'copy' && view.id === id) go({ screen: 'copies' })
  })
}

/** Checks any dump on this computer, without keeping anything; the result stands in Activity. */
export function checkFile(): void {
  void perform(words()('action.checkFile'), async () => {
    const file = await chooseFile('dump')
    if (file === null) return
    const { jobId } = await call('file.check', { file })
    useView.getState().go({ screen: 'activity', jobId })
  })
}

/** True when it was asked to end; it has ended when its row says so. */
export function cancelJob(id: string): Promise<boolean> {
  return perform(words()('action.cancel'), async () => void (await call('job.cancel', { id })))
}
