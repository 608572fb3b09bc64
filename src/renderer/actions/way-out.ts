import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Failure, FailureKind } from '#shared/failure.ts'
import type { Job } from '#shared/job.ts'
import { useDatabases } from '../stores/databases.ts'
import { useDialog } from '../stores/dialog.ts'
import { restartEngine } from '../stores/follow.ts'
import { useServers } from '../stores/servers.ts'
import { useView } from '../stores/view.ts'
import { rebuildCatalogue } from './catalogue.ts'
import { openLogs } from './desktop.ts'
import { backUpNow, pull, removeCopy } from './jobs.ts'
import { perform } from './perform.ts'
import { testServer } from './servers.ts'

/** What a failure is about, as far as it is known; a job's row says it. */
export type About = Pick<Job, 'serverId' | 'databaseId' | 'copyIds'>

export interface WayOut {
  label: string
  run: () => void
}

/** Where the remedy lies; null: in trying again, in a field that is in sight, or outside of Lifeboat. */
type Way =
  | 'server-page'
  | 'server-details'
  | 'database-details'
  | 'test'
  | 'pull-newest'
  | 'back-up'
  | 'remove-copy'
  | 'copies-folder'
  | 'restart'
  | 'rebuild'
  | 'engines'
  | 'sandboxes'
  | 'activity'
  | 'logs'

const ways: Record<FailureKind, Way | null> = {
  unreachable: 'server-details',
  'host-key-unknown': 'server-page',
  'host-key-changed': 'server-page',
  'login-refused': 'server-details',
  'key-file': 'server-details',
  'answer-needed': null,
  'connection-lost': null,
  stalled: null,
  'ssh-protocol': null,
  'sftp-noise': null,
  'remote-command': null,
  'tool-missing': 'test',
  'docker-refused': 'test',
  'docker-stopped': 'test',
  'database-not-found': 'database-details',
  'database-refused': 'database-details',
  'remote-disk-full': 'test',
  'backup-vanished': 'pull-newest',
  'backup-growing': null,
  'backup-changed': 'pull-newest',
  'hash-differs': 'pull-newest',
  'folder-missing': 'database-details',
  'dump-failed': null,
  'dump-cut': null,
  'dump-damaged': null,
  'dump-refused': null,
  'disk-full': 'copies-folder',
  'disk-failed': null,
  'folder-refused': 'copies-folder',
  'copy-missing': 'remove-copy',
  'copy-changed': 'back-up',
  'name-taken': null,
  'catalogue-busy': 'activity',
  'catalogue-corrupt': 'rebuild',
  'keychain-absent': null,
  'engine-stopped': 'restart',
  'sandbox-missing': 'engines',
  'sandbox-lost': 'activity',
  'sandbox-full': 'sandboxes',
  'query-slow': null,
  'query-refused': null,
  'reading-closed': null,
  'passphrase-wrong': null,
  'passphrase-refused': null,
  'seal-damaged': null,
  'seal-refused': null,
  'seal-key': null,
  'env-missing': 'database-details',
  'env-unreadable': 'server-details',
  'sudo-refused': 'server-details',
  'env-changed': null,
  'put-unsure': null,
  'gpg-failed': null,
  'not-found': null,
  'invalid-input': null,
  'wrong-usage': null,
  'in-use': 'activity',
  'not-checkable': null,
  cancelled: null,
  bug: 'logs',
}

/** The button that leads out of a failure, where there is more to do than to try again. */
export function useWayOut(failure: Failure, about?: About): WayOut | null {
  const { t } = useTranslation()
  return wayOut(failure.kind, about, t)
}

export function wayOut(kind: FailureKind, about: About | undefined, t: TFunction): WayOut | null {
  const { go } = useView.getState()
  const { show } = useDialog.getState()
  const { database, server, copyId } = known(about)
  const way = ways[kind]
  switch (way) {
    case null:
      return null
    case 'server-page':
      return server
        ? { label: t('action.showServer'), run: () => go({ screen: 'server', id: server.id }) }
        : { label: t('action.showServers'), run: () => go({ screen: 'servers' }) }
    case 'server-details':
      // the demo's are its own
      if (!server || server.demo) return null
      return { label: t('action.changeServer'), run: () => show({ kind: 'server', serverId: server.id }) }
    case 'test':
      if (!server) return null
      return {
        label: t('action.testConnection'),
        run: () => {
          go({ screen: 'server', id: server.id })
          testServer(server.id)
        },
      }
    case 'database-details':
      if (!database) return null
      return { label: t('action.changeDatabase'), run: () => show({ kind: 'database', databaseId: database.id }) }
    case 'pull-newest':
      if (!database || database.backups === null) return null
      return { label: t('action.pullNewest'), run: () => pull(database, { kind: 'newest' }) }
    case 'back-up':
      return database ? { label: t('action.backUpNow'), run: () => backUpNow(database) } : null
    case 'remove-copy':
      return copyId === undefined ? null : { label: t('action.removeCopy'), run: () => removeCopy(copyId) }
    case 'copies-folder':
      return { label: t('action.chooseCopiesFolder'), run: () => go({ screen: 'settings', at: 'copiesDir' }) }
    case 'restart':
      return { label: t('action.restartEngine'), run: () => void perform(t('action.restartEngine'), restartEngine) }
    case 'rebuild':
      return { label: t('action.rebuildCatalogue'), run: rebuildCatalogue }
    case 'engines':
      return { label: t('action.chooseEngine'), run: () => go({ screen: 'settings', at: 'sandbox' }) }
    case 'sandboxes':
      return { label: t('action.showSandboxes'), run: () => go({ screen: 'activity' }) }
    case 'activity':
      return { label: t('action.showActivity'), run: () => go({ screen: 'activity' }) }
    case 'logs':
      return { label: t('action.openLogs'), run: openLogs }
  }
}

/** What is still in the lists: nothing leads to what was removed meanwhile. */
function known(about: About | undefined) {
  const database = useDatabases.getState().value?.find(({ id }) => id === about?.databaseId)
  const serverId = about?.serverId ?? database?.server
  return {
    database,
    server: useServers.getState().value?.find(({ id }) => id === serverId),
    copyId: about?.copyIds.at(-1),
  }
}
