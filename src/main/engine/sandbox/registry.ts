import { LifeboatFailure } from '#shared/failure.ts'
import type { SandboxRow } from '#shared/sandbox.ts'
import type { Sandbox } from './sandbox.ts'

/** Timers that a test can turn by hand. `at` calls back no earlier than that; the result takes it back. */
export type Alarm = (at: Date, ring: () => void) => () => void

/** The sandboxes of this process. */
export type Registry = {
  /** From now on it is listed, until it is stopped or lost. Returns the sandbox that is to be used from then on. */
  add(sandbox: Sandbox): Sandbox
  list(): SandboxRow[]
  /** @throws LifeboatFailure not-found */
  find(id: string): Sandbox
  /** @throws LifeboatFailure not-found */
  stop(id: string): Promise<void>
  /** For the engine's end. */
  stopAll(): Promise<void>
}

/** @param onChange called whenever the list has changed */
export function createRegistry({ alarm, onChange }: { alarm: Alarm; onChange: () => void }): Registry {
  const standing = new Map<string, { sandbox: Sandbox; disarm: () => void }>()

  const find = (id: string): Sandbox => {
    const found = standing.get(id)
    if (found) return found.sandbox
    throw new LifeboatFailure('not-found', 'This sandbox is gone already.')
  }
  const forget = (id: string): void => {
    const found = standing.get(id)
    if (!found) return
    found.disarm()
    standing.delete(id)
    onChange()
  }
  /** Nobody waits for it. What does not go now, the next sweep takes. */
  const clearAway = async (sandbox: Sandbox): Promise<void> => {
    await sandbox.stop().catch(() => {})
    forget(sandbox.id)
  }
  const watched = (sandbox: Sandbox): Sandbox => ({
    ...sandbox,
    keepUntil(until) {
      const entry = standing.get(sandbox.id)
      if (!entry) return
      entry.disarm()
      sandbox.keepUntil(until)
      entry.disarm = until === null ? () => {} : alarm(until, () => void clearAway(sandbox))
      onChange()
    },
    async stop() {
      await sandbox.stop()
      forget(sandbox.id)
    },
  })

  return {
    add(sandbox) {
      const entry = { sandbox: watched(sandbox), disarm: () => {} }
      standing.set(sandbox.id, entry)
      // whoever waits to browse a lost one must not find it in the list, and what is left of it is to go
      sandbox.lost.catch(() => clearAway(sandbox))
      onChange()
      return entry.sandbox
    },
    list: () => [...standing.values()].map(({ sandbox }) => sandbox.row()),
    find,
    stop: async (id) => find(id).stop(),
    stopAll: async () => {
      await Promise.all([...standing.values()].map(async ({ sandbox }) => sandbox.stop()))
    },
  }
}

/** The longest time that a timer of Node takes, in milliseconds; a longer one rings at once. */
const longestTimerMs = 2 ** 31 - 1

/** An alarm by the computer's clock. A sleep in between makes it late, not lost. */
export function clockAlarm(now: () => Date): Alarm {
  return (at, ring) => {
    const wait = Math.min(longestTimerMs, Math.max(0, at.getTime() - now().getTime()))
    const timer = setTimeout(ring, wait)
    timer.unref()
    return () => clearTimeout(timer)
  }
}
