import type { Database } from '#shared/database.ts'
import { isAbort, toFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import type { Drift } from '#shared/vault.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { countsOf, driftOf, filesNow, viewsByPrints } from '#engine/vault/drift.ts'
import { envSftp, remoteSource } from '#engine/vault/source.ts'
import type { Vault } from '#engine/vault/vault.ts'
import type { Context } from './context.ts'
import { isSameLogin, requireServer } from './server.ts'

/** So long a backup waits for it. It takes some hundredths of a second. */
const patienceMs = 15_000

type Before = { readonly signal: AbortSignal; readonly log: (text: string) => void }

/**
 * Looks, over the connection of a backup, whether what is sealed is still what the server has; the overview tells it.
 * It takes no passphrase, asks nobody and fails nothing: where it can not be seen, nothing is said but a line of the log.
 */
export async function lookForDrift(
  context: Context,
  vault: Vault,
  database: Database,
  connection: Connection,
  { signal, log }: Before,
): Promise<void> {
  if (!database.driftCheck || database.env.length === 0) return
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
  try {
    const server = requireServer(context, database.server)
    const looking = driftNow(context, vault, { database, server }, connection, patience)
    const drift = await Promise.race([looking, aborted(patience)])
    if (drift === null) return
    keepDrift(context, database, server, drift)
    if (!drift.equal) log('The .env files of the server are no longer what is sealed.')
  } catch (error) {
    // a backup that was cancelled says so itself
    if (isAbort(error) && signal.aborted) return
    log(`Whether the .env files are still what is sealed could not be seen: ${toFailure(error).message}`)
  }
}

/** Null where no fingerprints are, or none that can be read here. */
async function driftNow(
  context: Context,
  vault: Vault,
  { database, server }: { database: Database; server: Server },
  connection: Connection,
  signal: AbortSignal,
): Promise<Drift | null> {
  const seal = await vault.toCompare(database)
  const sealed = seal ? await viewsByPrints(seal, vault.tools.keychain) : null
  if (!seal || !sealed) return null
  const name = database.serverName
  const sftp = await envSftp(connection, server, signal)
  try {
    const there = await filesNow(seal, database.env, { name, read: remoteSource(sftp, name) })
    return driftOf(seal, sealed, there, context.now())
  } finally {
    sftp.end()
  }
}

/** What the overview tells from now on. `server`: who was asked; it may have got another address meanwhile. */
export function keepDrift({ catalogue, changed }: Context, database: Database, server: Server, drift: Drift): void {
  const today = catalogue.servers.get(server.id)
  if (!today || !isSameLogin(today, server)) return
  // without files of its own there is nothing that one button could seal anew
  if (database.env.length === 0) return
  catalogue.drifts.put(database.id, countsOf(drift))
  changed('seal')
}

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
