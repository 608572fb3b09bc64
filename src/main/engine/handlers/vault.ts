import { isAbsolute } from 'node:path'
import type { Parsed } from '#shared/contract.ts'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Seal, VaultResult } from '#shared/vault.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import { serverStamp } from '#engine/ssh/server-stamp.ts'
import { describeFile, revealLine } from '#engine/vault/contents.ts'
import { differenceOf } from '#engine/vault/difference.ts'
import { driftOf, filesNow } from '#engine/vault/drift.ts'
import type { FoundSeal } from '#engine/vault/list.ts'
import { localStamp } from '#engine/vault/names.ts'
import { passphraseToSealWith } from '#engine/vault/new-passphrase.ts'
import { importRecipients, listRecipients, removeRecipient, resolveRecipients } from '#engine/vault/recipients.ts'
import { sealEnv, type Closing, type Source } from '#engine/vault/seal-env.ts'
import { localSource, remoteSource } from '#engine/vault/source.ts'
import { createVault, type Vault } from '#engine/vault/vault.ts'
import { writeOut } from '#engine/vault/write-out.ts'
import type { Context, Handlers } from './context.ts'
import { requireDatabase } from './database.ts'
import { requireServer } from './server.ts'

type Words = Extract<keyof Handlers, `vault.${string}`>

export function vaultHandlers(context: Context): Pick<Handlers, Words> {
  const vault = vaultOf(context)
  const results = new Map<string, VaultResult>()
  const filesOf = async (id: string) => vault.open(await vault.get(id))
  const start = (
    kind: 'seal' | 'drift' | 'put',
    database: Database,
    work: (tools: JobTools) => Promise<VaultResult>,
  ) => {
    const job = context.jobs.start(newJob(kind, database), async (tools) => {
      const result = await work(tools)
      results.set(tools.jobId, result)
      context.changed('seal')
      return {}
    })
    return { jobId: job.id }
  }
  const notYet = async (): Promise<never> => {
    throw new LifeboatFailure('not-checkable', 'This version can not do this yet.')
  }
  return {
    'vault.list': async ({ server, label }) =>
      (await vault.list())
        .filter((seal) => (server ?? seal.server) === seal.server && (label ?? seal.label) === seal.label)
        .map(shown),
    'vault.state': vault.state,
    'vault.lock': vault.lock,
    'vault.unlock': async ({ id }) => {
      const seal = id === undefined ? (await vault.list()).find(({ kind }) => kind !== 'unknown') : await vault.get(id)
      if (!seal) throw new LifeboatFailure('not-found', 'Nothing is sealed yet.')
      await vault.open(seal)
      return vault.state()
    },
    'vault.show': async ({ id }) => {
      const seal = await vault.get(id)
      const contents = (await vault.open(seal)).map(describeFile)
      return { ...shown(seal), names: contents.map(({ name }) => name), contents }
    },
    'vault.reveal': async ({ id, file, line }) => revealLine(await filesOf(id), file, line),
    'vault.diff': async ({ left, right }) => differenceOf(await filesOf(left), await filesOf(right)),
    'vault.seal': async (wanted) => {
      const database = requireDatabase(context, wanted.databaseId)
      const paths = wanted.files ?? database.env
      if (paths.length === 0)
        throw new LifeboatFailure('invalid-input', `${database.label} names no .env files, and none were named here.`)
      return start('seal', database, async (tools) => ({
        kind: 'sealed',
        sealId: await seal(context, vault, { database, paths, local: wanted.local, with: wanted.with }, tools),
      }))
    },
    'vault.drift': async ({ databaseId }) => {
      const database = requireDatabase(context, databaseId)
      const newest = await vault.newest({ server: database.serverName, label: database.label })
      if (!newest) throw new LifeboatFailure('not-found', `Nothing of ${database.label} is sealed yet.`)
      return start('drift', database, async (tools) => {
        const sealed = await vault.open(newest)
        const paths = newest.from === 'server' ? newest.files.flatMap(({ path }) => path ?? []) : database.env
        const now = await onServer(context, database, tools, ({ read, name }) => filesNow(paths, name, read))
        return { kind: 'drift', drift: driftOf(newest, sealed, now, context.now()) }
      })
    },
    'vault.result': async ({ jobId }) => results.get(jobId) ?? null,
    'vault.open': async ({ id, to, files: wanted }) => {
      const files = await filesOf(id)
      for (const name of wanted ?? []) {
        if (!files.some((file) => file.name === name)) throw new LifeboatFailure('not-found', `It holds no ${name}.`)
      }
      return writeOut(to, wanted === undefined ? files : files.filter(({ name }) => wanted.includes(name)))
    },
    'vault.put': notYet,
    'vault.export': notYet,
    'vault.recoverySheet': notYet,
    'vault.recipients': () => listRecipients(vault.keyring),
    'vault.importRecipient': ({ file }) => importRecipients(file, vault.keyring),
    'vault.removeRecipient': async ({ fingerprint }) => {
      await removeRecipient(fingerprint, vault.keyring)
      return {}
    },
  }
}

function vaultOf(context: Context): Vault {
  const { catalogue, keychain, prompts, now, dataDir } = context
  const vault = createVault({
    keychain,
    ask: prompts.ask,
    now,
    dataDir,
    copiesDirs: () => [context.copiesDir(), ...catalogue.settings.get().formerCopiesDirs],
    known: () => catalogue.databases.list().map(({ serverName, label }) => ({ server: serverName, label })),
    onState: (value) => context.emit({ name: 'vault', value }),
  })
  context.ended.push(vault.end)
  return vault
}

type Sealing = { database: Database; paths: readonly string[]; local: boolean; with: Parsed<'vault.seal'>['with'] }

async function seal(context: Context, vault: Vault, wanted: Sealing, tools: JobTools): Promise<string> {
  const { database, paths, local } = wanted
  const names = { server: database.serverName, label: database.label }
  const closing = await closingFor(vault, names, wanted.with, tools.signal)
  const common = {
    ...names,
    paths,
    closing,
    copiesDir: context.copiesDir(),
    tools: vault.tools,
    prints: async () => null,
  }
  const { id } = local
    ? await sealEnv({ ...common, source: localFiles(paths, context.now()) }, tools)
    : await onServer(context, database, tools, (source) => sealEnv({ ...common, source }, tools))
  return id
}

async function closingFor(
  vault: Vault,
  names: { server: string; label: string },
  wanted: Parsed<'vault.seal'>['with'],
  signal: AbortSignal,
): Promise<Closing> {
  const withPassphrase = async (reuse: boolean): Promise<Closing> => ({
    kind: 'passphrase',
    passphrase: await passphraseToSealWith(names, reuse, vault.tools, signal),
  })
  switch (wanted.kind) {
    case 'passphrase':
      return withPassphrase(false)
    case 'keys':
      return { kind: 'keys', keys: await resolveRecipients(wanted.recipients, vault.keyring) }
    case 'as-before': {
      const before = await vault.newest(names)
      if (before?.kind !== 'keys') return withPassphrase(true)
      return { kind: 'keys', keys: await resolveRecipients(before.recipients, vault.keyring) }
    }
  }
}

function localFiles(paths: readonly string[], now: Date): Source {
  const relative = paths.find((path) => !isAbsolute(path))
  if (relative !== undefined) throw new LifeboatFailure('invalid-input', `${relative} is no absolute path.`)
  return { from: 'local', name: 'this computer', read: localSource, stamp: localStamp(now) }
}

/** Logs in at the server of a database and reads files there, as the user who logs in may. */
async function onServer<T>(
  context: Context,
  database: Database,
  { report, signal }: JobTools,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  report.step('connect')
  const connection = await context.connect(requireServer(context, database.server), signal, report.log)
  try {
    const sftp = await connection.sftp(signal)
    const name = database.serverName
    const stamp = await serverStamp(connection, signal)
    return await work({ from: 'server', name, read: remoteSource(sftp, name), stamp })
  } finally {
    await connection.end()
  }
}

function newJob(kind: 'seal' | 'drift' | 'put', database: Database) {
  return {
    kind,
    subject: `${database.serverName}/${database.label}`,
    serverId: database.server,
    databaseId: database.id,
    key: `vault:${database.id}`,
  }
}

/** Without what is known only here. */
function shown({ record: _record, ...seal }: FoundSeal): Seal {
  return seal
}
