import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type { Database } from '#shared/database.ts'
import type { Job } from '#shared/job.ts'
import { printable } from '#shared/name.ts'
import type { DatabaseState } from '#shared/overview.ts'
import type { SandboxRow } from '#shared/sandbox.ts'
import type { Seal } from '#shared/vault.ts'
import { backUpNow, cancelJob, pull, sealNow } from '../actions/jobs.ts'
import { removeDatabase, removeDemo, removeServer, testServer } from '../actions/servers.ts'
import { compareWithServer, lockVault, unlockVault } from '../actions/vault.ts'
import { showVerification, stopSandbox, verifyAndWatch } from '../actions/verify.ts'
import { useDatabases } from '../stores/databases.ts'
import { useDialog } from '../stores/dialog.ts'
import { runningOf, useJobs } from '../stores/jobs.ts'
import { useOverview } from '../stores/overview.ts'
import { useSandboxes } from '../stores/sandboxes.ts'
import { useSeals, useVaultState } from '../stores/seals.ts'
import { useServers } from '../stores/servers.ts'
import { useVaultDialog } from '../stores/vault-dialog.ts'
import { useView } from '../stores/view.ts'
import { toVerify } from '../screens/overview/standing.ts'
import { subjectOf } from '../words/subject.ts'
import { modified } from '../frame/shortcuts.ts'
import { appEntries, placeEntries } from './app-entries.ts'
import { hereEntries } from './here-entries.ts'

export interface Entry {
  id: string
  group: string
  title: string
  /** of the database that it works on: shown in its colour, and searched */
  label?: string
  /** what else it is found by */
  words?: readonly string[]
  keys?: string
  run: () => void
}

/** Everything that can be done from here, in the order of how often it is wanted. */
export function useEntries(): Entry[] {
  const { t } = useTranslation()
  const databases = useDatabases((state) => state.value) ?? []
  const servers = useServers((state) => state.value) ?? []
  const jobs = useJobs((state) => state.jobs)
  const states = useOverview((state) => state.value?.databases) ?? []
  const sandboxes = useSandboxes((state) => state.value) ?? []
  const view = useView((state) => state.view)
  const seals = useSeals((state) => state.value) ?? []
  const unlocked = useVaultState((state) => state.value?.unlocked ?? false)
  return [
    ...hereEntries(view, databases, t),
    ...databases.flatMap((database) => databaseEntries(database, t)),
    ...states.flatMap((state) => newestEntries(state, t)),
    ...vaultEntries(seals.length > 0, unlocked, t),
    ...databases.flatMap((database) => sealEntries(database, seals, t)),
    ...sandboxes.flatMap((sandbox) => sandboxEntries(sandbox, t)),
    ...runningOf(jobs)
      .filter(({ kind }) => kind === 'verify')
      .map((job) => ({
        id: `watch ${job.id}`,
        group: t('nav.activity'),
        title: t('palette.watch', { name: printable(subjectOf(job)?.server ?? job.subject) }),
        ...labelOf(job),
        run: () => showVerification(job.id),
      })),
    ...runningOf(jobs).map((job) => ({
      id: `cancel ${job.id}`,
      group: t('nav.activity'),
      title: t('palette.cancel', { name: printable(subjectOf(job)?.server ?? job.subject) }),
      ...labelOf(job),
      run: () => void cancelJob(job.id),
    })),
    ...placeEntries(t),
    ...servers.flatMap((server) => {
      const name = printable(server.name)
      const group = t('nav.servers')
      return [
        {
          id: `server ${server.id}`,
          group,
          title: t('palette.openServer', { name }),
          words: [server.host],
          run: () => useView.getState().go({ screen: 'server', id: server.id }),
        },
        { id: `test ${server.id}`, group, title: t('palette.test', { name }), run: () => testServer(server.id) },
        ...(server.demo
          ? []
          : [
              {
                id: `edit-server ${server.id}`,
                group,
                title: t('palette.edit', { name }),
                words: [t('action.edit')],
                run: () => useDialog.getState().show({ kind: 'server', serverId: server.id }),
              },
            ]),
        {
          id: `add-database ${server.id}`,
          group,
          title: t('palette.addDatabase', { name }),
          run: () => useDialog.getState().show({ kind: 'add-database', serverId: server.id }),
        },
      ]
    }),
    ...appEntries(
      t,
      servers.some((server) => server.demo),
    ),
    ...servers.map((server) => ({
      id: `remove-server ${server.id}`,
      group: t('palette.remove'),
      title: t('palette.removeServer', { name: printable(server.name) }),
      run: () => (server.demo ? removeDemo() : removeServer(server.id)),
    })),
    ...databases.map((database) => ({
      id: `remove-database ${database.id}`,
      group: t('palette.remove'),
      title: t('palette.removeDatabase', { name: printable(database.serverName) }),
      label: database.label,
      run: () => removeDatabase(database.id),
    })),
  ]
}

function labelOf(job: Job): { label?: string } {
  const subject = subjectOf(job)
  return subject ? { label: subject.label } : {}
}

function databaseEntries(database: Database, t: TFunction): Entry[] {
  const group = t('palette.databases')
  const { label } = database
  const name = printable(database.serverName)
  const backUp = {
    id: `backup ${database.id}`,
    group,
    title: t('palette.backUp', { name }),
    label,
    run: () => backUpNow(database),
  }
  const edit = {
    id: `edit-database ${database.id}`,
    group,
    title: t('palette.edit', { name }),
    label,
    words: [t('action.edit')],
    run: () => useDialog.getState().show({ kind: 'database', databaseId: database.id }),
  }
  if (database.backups === null) return [backUp, edit]
  const pulling = (kind: 'newest' | 'all', title: string): Entry => ({
    id: `pull-${kind} ${database.id}`,
    group,
    title,
    label,
    run: () => pull(database, { kind }),
  })
  return [
    backUp,
    pulling('newest', t('palette.pullNewest', { name })),
    pulling('all', t('palette.pullAll', { name })),
    edit,
  ]
}

/** What is done with the newest copy that it is worth doing with. */
function newestEntries(state: DatabaseState, t: TFunction): Entry[] {
  const copy = toVerify(state)
  if (!copy) return []
  const { id, server, label } = copy
  const name = printable(server)
  const of = { group: t('palette.databases'), label }
  return [
    {
      ...of,
      id: `verify ${state.database.id}`,
      title: t('palette.verify', { name }),
      run: () => void verifyAndWatch({ kind: 'copy', id }),
    },
    {
      ...of,
      id: `compare ${state.database.id}`,
      title: t('palette.compare', { name }),
      run: () => useView.getState().go({ screen: 'compare', copyId: id }),
    },
  ]
}

function vaultEntries(any: boolean, unlocked: boolean, t: TFunction): Entry[] {
  const group = t('nav.vault')
  const lock = unlocked
    ? { id: 'vault lock', group, title: t('palette.lockVault'), keys: modified('L'), run: lockVault }
    : { id: 'vault unlock', group, title: t('palette.unlockVault'), run: () => unlockVault() }
  const sheet = (): void => useVaultDialog.getState().show({ kind: 'sheet' })
  return any ? [lock, { id: 'vault sheet', group, title: t('vault.sheetOpen'), run: sheet }] : []
}

function sealEntries(database: Database, seals: readonly Seal[], t: TFunction): Entry[] {
  const { id, serverName, label, env } = database
  const name = printable(serverName)
  const entry = (what: string, title: string, run: () => void): Entry => ({
    id: `${what} ${id}`,
    group: t('nav.vault'),
    title,
    label,
    run,
  })
  const seal = entry('seal', t('palette.seal', { name }), () =>
    useVaultDialog.getState().show({ kind: 'seal', databaseId: id }),
  )
  const newest = seals.find((each) => each.server === serverName && each.label === label)
  if (!newest) return [seal]
  const { go } = useView.getState()
  return [
    seal,
    ...(env.length > 0 ? [entry('seal-again', t('palette.sealAgain', { name }), () => sealNow(database))] : []),
    entry('drift', t('palette.drift', { name }), () => {
      go({ screen: 'sealed', server: serverName, label })
      compareWithServer(id)
    }),
    entry('open-seal', t('palette.openSeal', { name }), () => go({ screen: 'seal', id: newest.id })),
  ]
}

function sandboxEntries(sandbox: SandboxRow, t: TFunction): Entry[] {
  const { id, copyId, state } = sandbox
  const subject = subjectOf({ ...sandbox, databaseId: null, copyIds: copyId === null ? [] : [copyId] })
  const name = printable(subject?.server ?? sandbox.subject)
  const entry = (what: string, title: string, run: () => void): Entry => ({
    id: `${what} ${id}`,
    group: t('nav.activity'),
    title,
    ...(subject ? { label: subject.label } : {}),
    run,
  })
  const browse = (): void => useView.getState().go({ screen: 'browse', sandboxId: id })
  return [
    ...(state === 'open' ? [entry('browse', t('palette.browse', { name }), browse)] : []),
    entry('stop-sandbox', t('palette.stopSandbox', { name }), () => stopSandbox(id)),
  ]
}
