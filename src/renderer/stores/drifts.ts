import { create } from 'zustand'
import { toFailure, type Failure } from '#shared/failure.ts'
import { isOver, type Job } from '#shared/job.ts'
import type { Drift } from '#shared/vault.ts'
import { call } from '../bridge.ts'
import { useDatabases } from './databases.ts'
import { useServers } from './servers.ts'

/** How the newest seal of one database compares with its server. */
export interface KnownDrift {
  jobId: string
  running: boolean
  drift: Drift | null
  failure: Failure | null
}

interface DriftsStore {
  /** by the database's id; what was compared since the window was opened */
  drifts: Readonly<Record<string, KnownDrift>>
  /** Compares at the server, now. Throws as the call does. */
  compare: (databaseId: string) => Promise<void>
  /** A job's row has changed: the end of a comparison brings its result. */
  follow: (job: Job) => void
  /** The engine is gone, and with it every comparison that was under way. */
  lose: () => void
  /** These databases, or their servers, are other ones now: what was compared before is only known as far as the engine keeps it. */
  forget: (databaseIds: ReadonlySet<string>) => void
}

export const useDrifts = create<DriftsStore>((set) => {
  const put = (databaseId: string, known: KnownDrift): void =>
    set((state) => ({ drifts: { ...state.drifts, [databaseId]: known } }))

  const without = (isGone: (known: KnownDrift, databaseId: string) => boolean): void =>
    set(({ drifts }) => ({
      drifts: Object.fromEntries(Object.entries(drifts).filter(([databaseId, known]) => !isGone(known, databaseId))),
    }))

  async function take(databaseId: string, job: Job): Promise<void> {
    const ended = { jobId: job.id, running: false, drift: null }
    try {
      const result = await call('vault.result', { jobId: job.id })
      put(databaseId, { ...ended, drift: result?.kind === 'drift' ? result.drift : null, failure: job.failure })
    } catch (error) {
      put(databaseId, { ...ended, failure: toFailure(error) })
    }
  }
  return {
    drifts: {},
    compare: async (databaseId) => {
      const { jobId } = await call('vault.drift', { databaseId })
      set((state) => {
        // A comparison that was over at once has told its result already.
        const known = state.drifts[databaseId]
        if (known?.jobId === jobId) return state
        return { drifts: { ...state.drifts, [databaseId]: { jobId, running: true, drift: null, failure: null } } }
      })
    },
    follow: (job) => {
      if (job.databaseId === null) return
      // what a file was put over is no longer there
      if (job.kind === 'put' && isOver(job.state)) without((_, databaseId) => databaseId === job.databaseId)
      if (job.kind !== 'drift') return
      if (isOver(job.state)) void take(job.databaseId, job)
      else put(job.databaseId, { jobId: job.id, running: true, drift: null, failure: null })
    },
    lose: () => without(({ running }) => running),
    forget: (databaseIds) => without(({ running }, databaseId) => !running && databaseIds.has(databaseId)),
  }
})

/** Forgets what was compared of a database when it, or its server, becomes another one. Gives the function that ends it. */
export function followPlaces(): () => void {
  let known = places()
  const look = (): void => {
    const now = places()
    const changed = [...known].filter(([id, place]) => now.get(id) !== place).map(([id]) => id)
    known = now
    if (changed.length > 0) useDrifts.getState().forget(new Set(changed))
  }
  const ends = [useDatabases.subscribe(look), useServers.subscribe(look)]
  return () => ends.forEach((end) => end())
}

/** Every database and the server it is on, as one text, by its id. */
function places(): Map<string, string> {
  const servers = new Map(useServers.getState().value?.map((server) => [server.id, server]))
  return new Map(
    useDatabases
      .getState()
      .value?.map((database) => [database.id, JSON.stringify([database, servers.get(database.server)])]),
  )
}
