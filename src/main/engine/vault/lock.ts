import type { SessionKey } from '#engine/openpgp/passphrase.ts'

const lookEveryMs = 5000

export type Hold = (held: { passphrase?: string; sha256?: string; key?: SessionKey }) => void

/**
 * What is held in memory while the vault is unlocked: passphrases that have opened something, and the keys of the seals
 * that were opened, so that looking again takes no derivation. All of it is let go after a while without use.
 */
export type VaultLock = {
  /** passphrases that have proven right, the latest first */
  passphrases(): readonly string[]
  keyOf(sha256: string): SessionKey | undefined
  /** For work that may end by unlocking the vault. What it gives holds nothing once the vault was locked: locked stays locked. */
  begin(): Hold
  /** null while it is locked */
  locksAt(): Date | null
  lock(): Promise<void>
}

type Options = {
  /** as the settings say now */
  idleMinutes: () => number
  now: () => Date
  /** unlocked or locked, or in use again */
  onChange: () => void
  /** lets go of what other places hold */
  onLock: () => Promise<void>
}

/** Afterwards a passphrase is no longer reachable from here; a text can not be wiped in JavaScript, only let go. */
export function createLock({ idleMinutes, now, onChange, onLock }: Options): VaultLock {
  let passphrases: string[] = []
  const keys = new Map<string, SessionKey>()
  let usedAt: Date | null = null
  let timer: NodeJS.Timeout | undefined
  let locks = 0

  const until = (): Date | null => usedAt && new Date(usedAt.getTime() + idleMinutes() * 60_000)
  const lock = async (): Promise<void> => {
    clearInterval(timer)
    locks += 1
    const was = usedAt
    usedAt = null
    passphrases = []
    for (const { data } of keys.values()) data.fill(0)
    keys.clear()
    await onLock()
    if (was !== null) onChange()
  }
  /** Timers stand still while the computer sleeps, and settings change: what is over by the clock is over. */
  const lockIfOver = (): void => {
    const end = until()
    if (end !== null && now() >= end) void lock()
  }
  const use = (): void => {
    clearInterval(timer)
    usedAt = now()
    timer = setInterval(lockIfOver, lookEveryMs)
    // what is held open for the operator holds up no process that wants to end
    timer.unref()
    onChange()
  }
  return {
    passphrases() {
      lockIfOver()
      return passphrases
    },
    keyOf(sha256) {
      lockIfOver()
      const key = keys.get(sha256)
      if (key) use()
      return key
    },
    begin() {
      const begun = locks
      return ({ passphrase, sha256, key }) => {
        lockIfOver()
        if (locks !== begun) return
        if (passphrase !== undefined) passphrases = [passphrase, ...passphrases.filter((each) => each !== passphrase)]
        if (sha256 !== undefined && key !== undefined) keys.set(sha256, { ...key, data: Uint8Array.from(key.data) })
        use()
      }
    },
    locksAt() {
      lockIfOver()
      return until()
    },
    lock,
  }
}
