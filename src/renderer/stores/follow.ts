import { isOver } from '#shared/job.ts'
import { call, on } from '../bridge.ts'
import { useBackups } from './backups.ts'
import { useCopies } from './copies.ts'
import { useCopy } from './copy.ts'
import { useDatabases } from './databases.ts'
import { followPlaces, useDrifts } from './drifts.ts'
import { followEngine, useAppFacts, useEngine, useShellFacts } from './facts.ts'
import { useJobs } from './jobs.ts'
import { followClock, followTime } from './now.ts'
import { useOverview } from './overview.ts'
import { usePins } from './pins.ts'
import { usePrompts } from './prompts.ts'
import { useSandboxes } from './sandboxes.ts'
import { useDriftsSeen, useSeals, useVaultState } from './seals.ts'
import { useServers } from './servers.ts'
import { useSettings } from './settings.ts'
import { useTests } from './tests.ts'
import { followVault } from './vault.ts'
import { useVerification } from './verification.ts'

type Word = 'server' | 'database' | 'copy' | 'job' | 'pin' | 'settings' | 'sandbox' | 'seal'

/** Reads everything that every screen stands on. */
export function readAll(): void {
  const readings = [useSettings, useOverview, useDatabases, useJobs, useCopies, useAppFacts, useSandboxes]
  const ofTheVault = [useSeals, useDriftsSeen, useVaultState]
  for (const store of [...readings, ...ofTheVault]) void store.getState().refresh()
  void readServers()
  void usePrompts
    .getState()
    .refresh()
    .catch(() => undefined)
  void useCopy.getState().refresh()
  void useVerification.getState().refresh()
}

/** With the last test of each: it knows the server's zone, which times are shown in everywhere. */
async function readServers(): Promise<void> {
  await useServers.getState().refresh()
  for (const { id } of useServers.getState().value ?? []) void useTests.getState().read(id)
}

function reread(words: readonly Word[]): void {
  const about = (...wanted: Word[]): boolean => wanted.some((word) => words.includes(word))
  if (about('server')) void readServers()
  if (about('server', 'database')) void useDatabases.getState().refresh()
  if (about('server', 'database', 'copy', 'job', 'settings', 'seal')) void useOverview.getState().refresh()
  if (about('copy')) {
    void useCopies.getState().refresh()
    void useCopy.getState().refresh()
    void useBackups.getState().recheck()
  }
  if (about('job')) {
    void useJobs.getState().refresh()
    // of one that another process runs, no event tells that it is over
    const { job, refresh } = useVerification.getState()
    if (job !== null && !isOver(job.state)) void refresh()
  }
  if (about('sandbox')) void useSandboxes.getState().refresh()
  if (about('seal', 'server', 'database', 'settings')) {
    void useSeals.getState().refresh()
    void useDriftsSeen.getState().refresh()
  }
  if (about('settings')) void useSettings.getState().refresh()
  if (about('pin')) {
    for (const serverId of Object.keys(usePins.getState().pins)) void usePins.getState().read(serverId)
  }
}

/** Keeps every store in step with the engine. Gives the function that ends it. */
export function follow(): () => void {
  const ends = [
    on('changed', ({ words }) => reread(words)),
    on('job', (job) => {
      useJobs.getState().take(job, performance.now())
      useVerification.getState().follow(job)
      useDrifts.getState().follow(job)
      // an attempt that failed changes no copy, and what needs care all the same
      if (isOver(job.state)) void useOverview.getState().refresh()
    }),
    on('verification', (event) => useVerification.getState().take(event)),
    on('test', (test) => useTests.getState().take(test)),
    on('prompt', (prompt) => usePrompts.getState().ask(prompt)),
    on('promptClosed', ({ id }) => usePrompts.getState().close(id)),
    followVault(),
    followEngine(readAll, useDrifts.getState().lose),
    followPlaces(),
    followClock(),
    followTime(() => void useOverview.getState().refresh()),
  ]
  void readShell().then(readAll)
  return () => ends.forEach((end) => end())
}

async function readShell(): Promise<void> {
  await useShellFacts.getState().refresh()
  const facts = useShellFacts.getState().value
  if (facts) useEngine.setState({ state: facts.engine })
}

export async function restartEngine(): Promise<void> {
  await call('shell.restartEngine', {})
}
