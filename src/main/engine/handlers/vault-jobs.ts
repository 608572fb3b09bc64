import { isAbsolute } from 'node:path'
import type { Parsed } from '#shared/contract.ts'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure, toFailure } from '#shared/failure.ts'
import type { VaultResult } from '#shared/vault.ts'
import { refreshGuides } from '#engine/copies/guides.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { serverStamp } from '#engine/ssh/server-stamp.ts'
import type { Sftp } from '#engine/ssh/sftp.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { driftOf, filesNow, viewsByPrints, viewsOfFiles } from '#engine/vault/drift.ts'
import { localStamp } from '#engine/vault/names.ts'
import { passphraseToSealWith, type AsBefore } from '#engine/vault/new-passphrase.ts'
import { printerOf } from '#engine/vault/prints.ts'
import { putBack } from '#engine/vault/put-back.ts'
import { resolveRecipients } from '#engine/vault/recipients.ts'
import { sealEnv, type Closing, type Source } from '#engine/vault/seal-env.ts'
import { envSftp, localSource, remoteSource } from '#engine/vault/source.ts'
import type { Vault } from '#engine/vault/vault.ts'
import type { Context } from './context.ts'
import { requireServer } from './server.ts'
import { keepDrift } from './vault-drift.ts'

type With = Parsed<'vault.seal'>['with']
type Sealing = { database: Database; paths: readonly string[]; local: boolean; with: With }

/** Seals files of a server or of this computer. How, is settled first: nobody waits on a line for a passphrase. */
export async function seal(context: Context, vault: Vault, wanted: Sealing, tools: JobTools): Promise<VaultResult> {
  const { database, paths, local } = wanted
  const common = sealingOf(context, vault, database)
  const closing = await closingFor(vault, common, wanted.with, tools.signal)
  const from = (source: Source) => sealEnv({ ...common, paths, closing, source }, tools)
  const { id } = local
    ? await from(localFiles(paths, context.now()))
    : await onServer(context, database, tools, ({ source }) => from(source))
  // READ-ME-FIRST.txt tells how seals are opened without Lifeboat: it is there with the first one
  await refreshGuides(context.catalogue, common.copiesDir, []).catch((error: unknown) => {
    tools.report.log(`READ-ME-FIRST.txt could not be written: ${toFailure(error).message}`)
  })
  // now all of it is sealed as the server has it
  if (!local && database.env.every((path) => paths.includes(path))) context.catalogue.drifts.forget(database.id)
  return { kind: 'sealed', sealId: id }
}

/** A seal of a database beside what its server has now. Opens it, which may ask, only where there are no fingerprints. */
export async function drift(context: Context, vault: Vault, database: Database, tools: JobTools): Promise<VaultResult> {
  // chosen now, and not when it was asked for: a sealing may have been before it in the line
  const one = await vault.toCompare(database)
  if (!one) throw new LifeboatFailure('not-found', `There is no whole seal of ${database.label} to compare with.`)
  const server = requireServer(context, database.server)
  const now = await onServer(context, database, tools, ({ source }) => filesNow(one, database.env, source))
  tools.report.step('prove')
  const sealed = (await viewsByPrints(one, vault.tools.keychain)) ?? viewsOfFiles(await vault.open(one, tools.signal))
  const seen = driftOf(one, sealed, now, context.now())
  keepDrift(context, database, server, seen)
  return { kind: 'drift', drift: seen }
}

/** One file back to its server. What lies there is sealed before anything is changed. */
export async function put(
  context: Context,
  vault: Vault,
  { database, path, content }: { database: Database; path: string; content: Uint8Array },
  tools: JobTools,
): Promise<VaultResult> {
  const common = sealingOf(context, vault, database)
  const closing = await closingFor(vault, common, { kind: 'as-before' }, tools.signal)
  return onServer(context, database, tools, async ({ source, ...there }) => {
    const replaces = await there.sftp.stat(path)
    const before = replaces && (await sealEnv({ ...common, paths: [path], closing, source }, tools))
    tools.report.step('transfer', path)
    const at = { ...there, server: database.serverName, signal: tools.signal }
    // what was seen there before may no longer be so, however this ends
    context.catalogue.drifts.forget(database.id)
    const written = await putBack({ ...at, path, content, replaces })
    return { kind: 'put', path: written, sealId: before?.id ?? null }
  })
}

/** What every seal of a database is made with. */
function sealingOf({ copiesDir }: Context, vault: Vault, { serverName: server, label }: Database) {
  const prints = async (files: readonly TarFile[]): Promise<string | null> =>
    (await printerOf(vault.tools.keychain, true))?.keep(files) ?? null
  return { server, label, copiesDir: copiesDir(), tools: vault.tools, prints }
}

async function closingFor(
  vault: Vault,
  names: { server: string; label: string },
  wanted: With,
  signal: AbortSignal,
): Promise<Closing> {
  const withPassphrase = async (before: AsBefore | null): Promise<Closing> => {
    const passphrase = await passphraseToSealWith(names, before, vault.tools, signal)
    return { kind: 'passphrase', passphrase, hold: vault.tools.lock.begin() }
  }
  const forKeys = async (recipients: readonly string[]): Promise<Closing> => {
    const hold = vault.tools.lock.begin()
    return { kind: 'keys', keys: await resolveRecipients(recipients, vault.keyring), hold }
  }
  switch (wanted.kind) {
    case 'passphrase':
      return withPassphrase(null)
    case 'keys':
      return forKeys(wanted.recipients)
    case 'as-before': {
      const newest = await vault.newest(names)
      if (newest?.kind !== 'keys') return withPassphrase({ newest })
      return forKeys(newest.recipients)
    }
  }
}

function localFiles(paths: readonly string[], now: Date): Source {
  const relative = paths.find((path) => !isAbsolute(path))
  if (relative !== undefined) throw new LifeboatFailure('invalid-input', `${relative} is no absolute path.`)
  return { from: 'local', name: 'this computer', read: localSource, stamp: localStamp(now) }
}

type AtServer = { source: Source; connection: Connection; sftp: Sftp; sudo: boolean }

/** Logs in at the server of a database. Files are read there as the user who logs in may read them, or as root where the profile says so. */
async function onServer<T>(
  context: Context,
  database: Database,
  { report, signal }: JobTools,
  work: (at: AtServer) => Promise<T>,
): Promise<T> {
  report.step('connect')
  const server = requireServer(context, database.server)
  const connection = await context.connect(server, signal, report.log)
  try {
    const sftp = await envSftp(connection, server, signal)
    const name = database.serverName
    const stamp = await serverStamp(connection, signal)
    const source: Source = { from: 'server', name, read: remoteSource(sftp, name), stamp }
    return await work({ source, connection, sftp, sudo: server.sudo })
  } finally {
    await connection.end()
  }
}
