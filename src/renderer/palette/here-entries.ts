import type { TFunction } from 'i18next'
import type { Database } from '#shared/database.ts'
import { showInFolder } from '../actions/desktop.ts'
import { checkCopy, removeCopy } from '../actions/jobs.ts'
import { writeToFolder } from '../actions/vault.ts'
import { verifyAndWatch } from '../actions/verify.ts'
import { useCopy } from '../stores/copy.ts'
import { useDialog } from '../stores/dialog.ts'
import { useOpenSeal } from '../stores/open-seal.ts'
import { useVaultDialog } from '../stores/vault-dialog.ts'
import { useView, type View } from '../stores/view.ts'
import type { Entry } from './entries.ts'

/** What can be done with the copy or the seal that is looked at. */
export function hereEntries(view: View, databases: readonly Database[], t: TFunction): Entry[] {
  if (view.screen === 'copy') return copyEntries(view.id, t)
  return view.screen === 'seal' ? sealEntries(view.id, databases, t) : []
}

function copyEntries(id: string, t: TFunction): Entry[] {
  const group = t('palette.thisCopy')
  const { copy } = useCopy.getState()
  const entry = (what: string, title: string, run: () => void): Entry => ({ id: `copy ${what}`, group, title, run })
  return [
    entry('verify', t('action.verify'), () => void verifyAndWatch({ kind: 'copy', id })),
    ...(copy?.id === id
      ? [entry('verify-with', t('verify.choose'), () => useDialog.getState().show({ kind: 'verify', copy }))]
      : []),
    entry('check', t('action.checkAgain'), () => checkCopy({ id })),
    entry('compare', t('compare.compareWith'), () => useView.getState().go({ screen: 'compare', copyId: id })),
    entry('show', t('action.showInFolder'), () => showInFolder(id)),
    entry('remove', t('action.removeCopy'), () => removeCopy(id)),
  ]
}

function sealEntries(id: string, databases: readonly Database[], t: TFunction): Entry[] {
  const { seal } = useOpenSeal.getState()
  // as on its page: what is closed has first to be opened there
  if (seal?.id !== id) return []
  const group = t('palette.thisSeal')
  const { show } = useVaultDialog.getState()
  const entry = (what: string, title: string, run: () => void): Entry => ({ id: `seal ${what}`, group, title, run })
  const belongs = databases.some(({ serverName, label }) => serverName === seal.server && label === seal.label)
  return [
    entry('write', t('vault.writeOut'), () => writeToFolder(id)),
    ...(belongs ? [entry('put', t('vault.putOpen'), () => show({ kind: 'put', sealId: id }))] : []),
    entry('export', t('vault.exportOpen'), () => show({ kind: 'export', sealId: id })),
  ]
}
