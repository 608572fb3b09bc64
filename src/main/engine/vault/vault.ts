import { join } from 'node:path'
import type { Database } from '#shared/database.ts'
import { isAhead } from '#shared/overview.ts'
import { sealToCompare, type VaultState } from '#shared/vault.ts'
import { createOpenPgp } from '#engine/openpgp/thread.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { gpgVersion } from './gpg.ts'
import { listSeals, requireSeal, type FoundSeal, type Known } from './list.ts'
import { createLock } from './lock.ts'
import { openSeal } from './open-seal.ts'
import { passphraseReference, type VaultKeychain, type VaultTools } from './tools.ts'

export type Vault = {
  readonly tools: VaultTools
  /** public keys that can be sealed for */
  readonly keyring: { folder: string; openPgp: VaultTools['openPgp']; now: () => Date }
  /** newest first, and behind them those that are dated in the future */
  list(): Promise<FoundSeal[]>
  /** Throws `not-found`. */
  get(id: string): Promise<FoundSeal>
  /** The newest seal of a database, a whole one where there is any; undefined when there is none. */
  newest(of: Known): Promise<FoundSeal | undefined>
  /** The seal that a database is compared with. */
  toCompare(database: Pick<Database, 'serverName' | 'label' | 'env'>): Promise<FoundSeal | undefined>
  /**
   * The files of a seal. One after the other, so that nobody is asked for the same passphrase twice at once; those that
   * gpg opens in a line of their own. Ends at once with the signal, and where gpg is waited for also with the lock.
   */
  open(seal: FoundSeal, signal?: AbortSignal): Promise<TarFile[]>
  state(): Promise<VaultState>
  lock(): Promise<VaultState>
  /** Locks for good: whoever still waits for an answer is let go. */
  end(): Promise<void>
}

type Options = Pick<VaultTools, 'keychain' | 'ask' | 'now'> & {
  dataDir: string
  /** without use for so long, it locks */
  idleMinutes: () => number
  copiesDirs: () => readonly string[]
  known: () => readonly Known[]
  /** under which names a seal of these belongs to today */
  namesToday: (taken: Known & { storedAt: string }) => Known
  onState: (state: VaultState) => void
}

/** The vault of one engine: what is held while it is unlocked, and the way to everything in it. */
export function createVault({
  keychain: system,
  ask,
  now,
  dataDir,
  idleMinutes,
  copiesDirs,
  known,
  namesToday,
  onState,
}: Options): Vault {
  const keychain = asFarAsItGoes(system)
  const openPgp = createOpenPgp()
  const over = new AbortController()
  let gpg: Promise<string | null> | undefined
  // a gpg that waits for its card holds up nobody who knows a passphrase
  const lines: { gpg: Promise<unknown>; own: Promise<unknown> } = { gpg: Promise.resolve(), own: Promise.resolve() }
  let locked = new AbortController()

  const lock = createLock({
    idleMinutes,
    now,
    onChange: () => void state().then(onState, () => {}),
    // keys and passphrases that the thread has worked with go with its memory
    onLock: () => openPgp.forget(),
  })
  const tools: VaultTools = { openPgp, lock, keychain, ask, now }

  const state = async (): Promise<VaultState> => {
    gpg ??= gpgVersion().catch(() => null)
    const status = await keychain.status()
    return {
      unlocked: lock.locksAt() !== null,
      locksAt: lock.locksAt()?.toISOString() ?? null,
      idleMinutes: idleMinutes(),
      keychain: status,
      remembered: status === 'available' && (await keychain.get(passphraseReference)) !== null,
      gpg: await gpg,
    }
  }
  // a seal stays where it was made, under the names of then, and follows its server and database as copies do
  const list = async (): Promise<FoundSeal[]> => {
    const seals = (await listSeals(copiesDirs(), known())).map((seal) => {
      const { server, label, sealedAt: storedAt } = seal
      return { ...seal, ...namesToday({ server, label, storedAt }) }
    })
    // one that a clock has dated into the future would be the newest for as long: it is that only where there is no other
    const isFromAhead = ({ sealedAt }: FoundSeal): boolean => isAhead(sealedAt, now())
    return [...seals.filter((seal) => !isFromAhead(seal)), ...seals.filter(isFromAhead)]
  }
  const sealsOf = async ({ server, label }: Known): Promise<FoundSeal[]> =>
    (await list()).filter((seal) => seal.server === server && seal.label === label && seal.kind !== 'unknown')
  return {
    tools,
    keyring: { folder: join(dataDir, 'recipients'), openPgp, now },
    list,
    get: async (id) => requireSeal(await list(), id),
    newest: async (of) => {
      const seals = await sealsOf(of)
      return seals.find(({ look }) => look !== 'changed') ?? seals[0]
    },
    toCompare: async ({ serverName, label, env }) => sealToCompare(await sealsOf({ server: serverName, label }), env),
    open(seal, signal = over.signal) {
      const line = seal.kind === 'keys' ? 'gpg' : 'own'
      const until = AbortSignal.any([over.signal, signal, ...(line === 'gpg' ? [locked.signal] : [])])
      const opened = lines[line].then(() => {
        until.throwIfAborted()
        return openSeal(seal, tools, until)
      })
      lines[line] = opened.catch(() => {})
      return orAborted(opened, until)
    },
    state,
    async lock() {
      locked.abort()
      locked = new AbortController()
      await lock.lock()
      return state()
    },
    async end() {
      over.abort()
      await lock.lock()
    },
  }
}

/** What work comes to. Whoever gives up does not wait for his turn, nor for what can not be called back. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * A keychain that is locked, or breaks in the middle, is as good as none: the operator is asked, and what could not be kept
 * shows as not kept. Nothing is sealed or opened less for it.
 */
function asFarAsItGoes(keychain: VaultKeychain): VaultKeychain {
  return {
    status: () => keychain.status().catch(() => 'absent' as const),
    get: (reference) => keychain.get(reference).catch(() => null),
    set: (reference, secret) => keychain.set(reference, secret).catch(() => {}),
  }
}
