import type { TFunction } from 'i18next'
import type { Database } from '#shared/database.ts'
import { isOver } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import { showInFolder } from '../actions/desktop.ts'
import { checkCopy, removeCopy } from '../actions/jobs.ts'
import { removePin } from '../actions/servers.ts'
import { writeToFolder } from '../actions/vault.ts'
import { verifyAndWatch } from '../actions/verify.ts'
import { useJobs } from '../stores/jobs.ts'
import { usePins } from '../stores/pins.ts'
import { useSeals } from '../stores/seals.ts'
import { reachedAt } from '../words/reached-at.ts'
import { useCopy } from '../stores/copy.ts'
import { useDialog } from '../stores/dialog.ts'
import { useOpenSeal } from '../stores/open-seal.ts'
import { useVaultDialog } from '../stores/vault-dialog.ts'
import { useView, type View } from '../stores/view.ts'
import type { Entry } from './entries.ts'

/** What can be done with what is looked at: a copy, a verification, a seal, the host keys of a server. */
export function hereEntries(view: View, databases: readonly Database[], t: TFunction): Entry[] {
  switch (view.screen) {
    case 'copy':
      return copyEntries(view.id, t)
    case 'verification':
      return verificationEntries(view.jobId, t)
    case 'seal':
      return sealEntries(view.id, databases, t)
    case 'server':
      return pinEntries(view.id, t)
    default:
      return []
  }
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

function verificationEntries(jobId: string, t: TFunction): Entry[] {
  const job = useJobs.getState().jobs?.find(({ id }) => id === jobId)
  const id = job?.copyIds[0]
  if (!job || id === undefined || !isOver(job.state)) return []
  const group = t('verify.one')
  const show = (): void => useView.getState().go({ screen: 'copy', id })
  return [
    { id: 'verify again', group, title: t('action.verifyAgain'), run: () => void verifyAndWatch({ kind: 'copy', id }) },
    { id: 'verify show', group, title: t('action.showCopy'), run: show },
  ]
}

/** Forgetting one is the only way on after a key has changed. */
function pinEntries(serverId: string, t: TFunction): Entry[] {
  return (usePins.getState().pins[serverId] ?? []).map((pin) => ({
    id: `unpin ${pin.host} ${pin.port} ${pin.way ?? 'old'} ${pin.type}`,
    group: t('palette.remove'),
    title: t('palette.unpin', { host: reachedAt(pin, t), type: printable(pin.type) }),
    words: [pin.fingerprint],
    run: () => removePin(pin),
  }))
}

function sealEntries(id: string, databases: readonly Database[], t: TFunction): Entry[] {
  const { seal } = useOpenSeal.getState()
  // as on its page: what is closed has first to be opened there
  if (seal?.id !== id) return []
  const group = t('palette.thisSeal')
  const { show } = useVaultDialog.getState()
  const entry = (what: string, title: string, run: () => void): Entry => ({ id: `seal ${what}`, group, title, run })
  const before = useSeals
    .getState()
    .value?.find((each) => each.server === seal.server && each.label === seal.label && each.sealedAt < seal.sealedAt)
  const belongs = databases.some(({ serverName, label }) => serverName === seal.server && label === seal.label)
  return [
    entry('write', t('vault.writeOut'), () => writeToFolder(id)),
    ...(belongs ? [entry('put', t('vault.putOpen'), () => show({ kind: 'put', sealId: id }))] : []),
    entry('export', t('vault.exportOpen'), () => show({ kind: 'export', sealId: id })),
    ...(before
      ? [
          entry('compare', t('palette.compareSeals'), () =>
            useView.getState().go({ screen: 'seal-difference', left: before.id, right: id }),
          ),
        ]
      : []),
  ]
}
