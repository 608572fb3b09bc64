import type { Input } from '#shared/contract.ts'
import type { CopyRow } from '#shared/copy.ts'
import { call } from '../bridge.ts'
import { useNotices } from '../stores/notices.ts'
import { useSandboxes } from '../stores/sandboxes.ts'
import { useView } from '../stores/view.ts'
import { chooseFile } from './desktop.ts'
import { perform, words } from './perform.ts'

export type VerifyChoices = Pick<Input<'verify.start'>, 'engine' | 'image' | 'keep'>
type Target = Pick<CopyRow, 'id' | 'server' | 'label'>

/** Restores the copy in a sandbox and proves it. The operator stays where they are. */
export function verifyCopy(copy: Target): void {
  const t = words()
  void perform(t('action.verify'), async () => {
    const { jobId } = await call('verify.start', { target: { kind: 'copy', id: copy.id } })
    useNotices.getState().tell({
      kind: 'plain',
      title: t('notice.verifyStarted'),
      subject: { server: copy.server, label: copy.label },
      action: { label: t('action.watch'), run: () => showVerification(jobId) },
    })
  })
}

/** The same, and watches it. True when it has begun. */
export async function verifyAndWatch(
  target: Input<'verify.start'>['target'],
  choices: VerifyChoices = {},
): Promise<boolean> {
  return perform(words()('action.verify'), async () => {
    const { jobId } = await call('verify.start', { target, ...choices })
    showVerification(jobId)
  })
}

export function verifyFile(): void {
  void perform(words()('action.verifyFile'), async () => {
    const file = await chooseFile('dump')
    if (file !== null) await verifyAndWatch({ kind: 'file', file })
  })
}

/** Every copy that is not proven exact, one after the other. */
export function verifyAll(): void {
  const t = words()
  void perform(t('action.verifyAll'), async () => {
    const { jobIds } = await call('verify.all', {})
    const go = (): void => useView.getState().go({ screen: 'activity' })
    useNotices.getState().tell({
      kind: 'plain',
      title: jobIds.length === 0 ? t('notice.nothingToVerify') : t('notice.verifyAllStarted', { count: jobIds.length }),
      ...(jobIds.length === 0 ? {} : { action: { label: t('action.showActivity'), run: go } }),
    })
  })
}

export function showVerification(jobId: string): void {
  useView.getState().go({ screen: 'verification', jobId })
}

/** Throws a sandbox away. It is a copy of a copy: nothing is asked. */
export function stopSandbox(id: string): void {
  void perform(words()('action.stopSandbox'), async () => {
    await call('sandbox.stop', { id })
    await useSandboxes.getState().refresh()
  })
}
