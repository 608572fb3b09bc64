import { call } from '../bridge.ts'
import { useNotices } from '../stores/notices.ts'
import { perform, words } from './perform.ts'

export function copyText(text: string): void {
  const t = words()
  void perform(t('action.copyText'), async () => {
    await call('shell.copyText', { text })
    useNotices.getState().tell({ kind: 'plain', title: t('notice.textCopied') })
  })
}

export function showInFolder(copyId: string): void {
  void perform(words()('action.showInFolder'), async () => void (await call('shell.showInFolder', { copyId })))
}

export function openLogs(): void {
  void perform(words()('action.openLogs'), async () => void (await call('shell.openLogs', {})))
}

/** Asks for a folder with the desktop's own dialog; null when the operator took none. */
export async function chooseFolder(current: string | null): Promise<string | null> {
  return (await call('shell.chooseFolder', { current })).folder
}

export async function chooseFile(kind: 'key' | 'dump' | 'public-key' | 'env'): Promise<string | null> {
  return (await call('shell.chooseFile', { kind })).file
}
