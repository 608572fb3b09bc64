import { join } from 'node:path'
import type { Database } from '#shared/database.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Seal, VaultResult } from '#shared/vault.ts'
import { fileStem } from '#engine/copies/names.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import { writeNewFile } from '#engine/disk/file.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { describeFile, revealLine } from '#engine/vault/contents.ts'
import { differenceOf, viewOf } from '#engine/vault/difference.ts'
import { exportText } from '#engine/vault/export.ts'
import type { FoundSeal } from '#engine/vault/list.ts'
import { localStamp } from '#engine/vault/names.ts'
import { importRecipients, listRecipients, removeRecipient } from '#engine/vault/recipients.ts'
import { recoverySheet } from '#engine/vault/recovery-sheet.ts'
import { createVault, type Vault } from '#engine/vault/vault.ts'
import { writeOut } from '#engine/vault/write-out.ts'
import type { Context, Handlers } from './context.ts'
import { requireDatabase } from './database.ts'
import { drift, put, seal } from './vault-jobs.ts'

type Words = Extract<keyof Handlers, `vault.${string}`>
type Seeing = 'list' | 'state' | 'lock' | 'unlock' | 'show' | 'reveal' | 'diff' | 'drifts' | 'recoverySheet'
type Keys = 'recipients' | 'importRecipient' | 'removeRecipient'
type Some<W extends string> = Pick<Handlers, Extract<Words, `vault.${W}`>>

export function vaultHandlers(context: Context, vault: Vault): Pick<Handlers, Words> {
  return { ...seeing(context, vault), ...working(context, vault), ...bringingOut(context, vault), ...keys(vault) }
}

/** The one vault of an engine. */
export function vaultOf(context: Context): Vault {
  const { catalogue, keychain, prompts, now, dataDir } = context
  const vault = createVault({
    keychain,
    ask: prompts.ask,
    now,
    dataDir,
    idleMinutes: () => catalogue.settings.get().vaultIdleMinutes,
    copiesDirs: () => [context.copiesDir(), ...catalogue.settings.get().formerCopiesDirs],
    known: () => catalogue.databases.list().map(({ serverName, label }) => ({ server: serverName, label })),
    namesToday: catalogue.namesToday,
    onState: (value) => context.emit({ name: 'vault', value }),
  })
  context.ended.push(vault.end)
  return vault
}

function seeing(context: Context, vault: Vault): Some<Seeing> {
  const filesOf = async (id: string) => vault.open(await vault.get(id))
  const viewsOf = async (id: string) => (await filesOf(id)).map((file) => viewOf(file))
  return {
    'vault.list': async ({ server, label }) =>
      (await vault.list())
        .filter((each) => (server ?? each.server) === each.server && (label ?? each.label) === each.label)
        .map(shown),
    'vault.drifts': async () =>
      context.catalogue.databases.list().flatMap(({ id: databaseId }) => {
        const seen = context.catalogue.drifts.get(databaseId)
        return seen ? [{ databaseId, ...seen }] : []
      }),
    'vault.state': vault.state,
    'vault.lock': vault.lock,
    'vault.unlock': async ({ id }) => {
      const one = id === undefined ? await oneToUnlock(vault) : await vault.get(id)
      if (!one) throw new LifeboatFailure('not-found', 'Nothing is sealed yet.')
      await vault.open(one)
      return vault.state()
    },
    'vault.show': async ({ id }) => {
      const one = await vault.get(id)
      const contents = (await vault.open(one)).map(describeFile)
      return { ...shown(one), names: contents.map(({ name }) => name), contents }
    },
    'vault.reveal': async ({ id, file, line }) => revealLine(await filesOf(id), file, line),
    'vault.diff': async ({ left, right }) => differenceOf(await viewsOf(left), await viewsOf(right)),
    'vault.recoverySheet': async ({ language }) => ({
      text: recoverySheet(language, { copiesDir: context.copiesDir(), seals: await vault.list(), at: context.now() }),
    }),
  }
}

/** The newest seal that a passphrase opens; where there is none, the newest that gpg may open. */
async function oneToUnlock(vault: Vault): Promise<FoundSeal | undefined> {
  const seals = (await vault.list()).filter(({ look }) => look !== 'changed')
  return seals.find(({ kind }) => kind === 'passphrase') ?? seals.find(({ kind }) => kind === 'keys')
}

/** What takes a server, as jobs. */
function working(context: Context, vault: Vault): Some<'seal' | 'drift' | 'put' | 'result'> {
  const results = new Map<string, VaultResult>()
  const start = (
    kind: 'seal' | 'drift' | 'put',
    database: Database,
    work: (tools: JobTools) => Promise<VaultResult>,
  ): { jobId: string } => {
    const job = context.jobs.start(newJob(kind, database), async (tools) => {
      results.set(tools.jobId, await work(tools))
      context.changed('seal')
      return {}
    })
    return { jobId: job.id }
  }
  return {
    'vault.seal': async ({ databaseId, files, local, with: closing }) => {
      const database = requireDatabase(context, databaseId)
      const paths = files ?? database.env
      if (paths.length === 0)
        throw new LifeboatFailure('invalid-input', `${database.label} names no .env files, and none were named here.`)
      return start('seal', database, (tools) => seal(context, vault, { database, paths, local, with: closing }, tools))
    },
    'vault.drift': async ({ databaseId }) => {
      const database = requireDatabase(context, databaseId)
      return start('drift', database, (tools) => drift(context, vault, database, tools))
    },
    'vault.put': async ({ id, databaseId, file: name, path: wanted }) => {
      const database = requireDatabase(context, databaseId)
      const sealed = await vault.get(id)
      const path = wanted ?? sealed.files.find((each) => each.name === name)?.path
      if (!path) throw new LifeboatFailure('invalid-input', `Where ${name} belongs on the server is not known.`)
      const { content } = requireFile(await vault.open(sealed), name)
      return start('put', database, (tools) => put(context, vault, { database, path, content }, tools))
    },
    'vault.result': async ({ jobId }) => results.get(jobId) ?? null,
  }
}

function bringingOut(context: Context, vault: Vault): Some<'open' | 'export'> {
  return {
    'vault.open': async ({ id, to, files: wanted }) => {
      const files = await vault.open(await vault.get(id))
      return writeOut(to, wanted?.map((name) => requireFile(files, name)) ?? files)
    },
    'vault.export': async ({ id, format, to }) => {
      const sealed = await vault.get(id)
      const { text, ending, ...told } = exportText(format, await vault.open(sealed), sealed)
      const stem = fileStem(`${sealed.server}-${sealed.label}-${localStamp(context.now())}-IN-CLEAR`)
      const file = join(to, `${stem}.${ending}`)
      await writeNewFile(file, text).catch((error: unknown) => {
        throw diskFailure(error, `${file} could not be written`)
      })
      return { file, ...told }
    },
  }
}

function keys({ keyring }: Vault): Some<Keys> {
  return {
    'vault.recipients': () => listRecipients(keyring),
    'vault.importRecipient': ({ file }) => importRecipients(file, keyring),
    'vault.removeRecipient': async ({ fingerprint }) => {
      await removeRecipient(fingerprint, keyring)
      return {}
    },
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

function requireFile(files: readonly TarFile[], name: string): TarFile {
  const file = files.find((each) => each.name === name)
  if (!file) throw new LifeboatFailure('not-found', `It holds no ${name}.`)
  return file
}

/** Without what is known only here. */
function shown({ record: _record, ...one }: FoundSeal): Seal {
  return one
}
