import { z } from 'zod'
import { browseColumnSchema, browsePageSchema, browseTableSchema, browseViewSchema } from './browse.ts'
import { changesSchema, copyRowSchema, copySchema } from './copy.ts'
import { backupSchema, databaseSchema, foundDatabaseSchema, newDatabaseSchema } from './database.ts'
import { dumpReportSchema } from './dump-report.ts'
import { jobSchema, logLineSchema } from './job.ts'
import { overviewSchema } from './overview.ts'
import { answerSchema, promptSchema } from './prompt.ts'
import { checkSchema, newServerSchema, pinSchema, presentedKeySchema, serverSchema } from './server.ts'
import { engineFactsSchema, sandboxChoiceSchema, sandboxRowSchema } from './sandbox.ts'
import { settingsChangeSchema, settingsSchema } from './settings.ts'
import {
  differenceSchema,
  driftSeenSchema,
  exportFormatSchema,
  openedSealSchema,
  recipientSchema,
  sealForSchema,
  sealSchema,
  vaultResultSchema,
  vaultStateSchema,
} from './vault.ts'
import { comparisonSchema, liveVerificationSchema, verificationSchema } from './verification.ts'

const nothing = z.object({})
const id = z.object({ id: z.string().min(1) })
const jobRef = z.object({ jobId: z.string() })

function call<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): { input: I; output: O } {
  return { input, output }
}

/** A host of ~/.ssh/config, resolved as ssh itself would. */
const sshHostSchema = z.object({
  alias: z.string(),
  host: z.string(),
  port: z.number(),
  user: z.string(),
  jump: z.string().nullable(),
})

/** The last connection test of a server. */
const testSchema = z.object({
  serverId: z.string(),
  at: z.iso.datetime(),
  running: z.boolean(),
  checks: z.array(checkSchema),
  found: z.array(foundDatabaseSchema),
})
export type ServerTest = z.infer<typeof testSchema>

const sortKeys = ['taken', 'server', 'size', 'face', 'proof'] as const

const diagnosisSchema = z.object({
  name: z.string(),
  outcome: z.enum(['ok', 'missing', 'problem']),
  detail: z.string(),
  remedy: z.string().nullable(),
})

/** Every call that the engine answers: the single list. A handler that is missing or mistyped does not compile. */
export const engineCalls = {
  'app.facts': call(
    nothing,
    z.object({
      version: z.string(),
      dataDir: z.string(),
      copiesDir: z.string(),
      sqlite: z.string(),
      node: z.string(),
      keychain: z.enum(['available', 'absent', 'basic_text']),
      /** set when the catalogue was found corrupt at this start and was rebuilt */
      rebuilt: z.string().nullable(),
    }),
  ),
  'overview.get': call(z.object({ timeZone: z.string().optional() }), overviewSchema),

  'server.list': call(nothing, z.array(serverSchema)),
  'server.add': call(newServerSchema, serverSchema),
  'server.update': call(z.object({ id: z.string(), server: newServerSchema }), serverSchema),
  'server.remove': call(id, nothing),
  /** hosts named in ~/.ssh/config */
  'server.sshHosts': call(nothing, z.array(sshHostSchema)),
  /** starts the connection test; its checks arrive one by one as events */
  'server.test': call(id, jobRef),
  'server.lastTest': call(id, testSchema.nullable()),

  'pin.list': call(z.object({ serverId: z.string() }), z.array(pinSchema)),
  'pin.add': call(presentedKeySchema, pinSchema),
  'pin.remove': call(
    z.object({ host: z.string(), port: z.number(), way: z.string().nullable(), type: z.string() }),
    nothing,
  ),

  'database.list': call(nothing, z.array(databaseSchema)),
  'database.add': call(newDatabaseSchema, databaseSchema),
  'database.update': call(z.object({ id: z.string(), database: newDatabaseSchema }), databaseSchema),
  'database.remove': call(id, nothing),

  'backup.start': call(z.object({ databaseId: z.string() }), jobRef),
  /** connects and lists the folder where the server's cron keeps its backups, newest first */
  'backup.list': call(z.object({ databaseId: z.string() }), z.array(backupSchema)),
  'pull.start': call(
    z.object({
      databaseId: z.string(),
      which: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('newest') }),
        z.object({ kind: z.literal('all') }),
        z.object({ kind: z.literal('named'), names: z.array(z.string()).min(1) }),
      ]),
    }),
    jobRef,
  ),

  'copy.list': call(
    z.object({
      server: z.string().optional(),
      label: z.string().optional(),
      /** words that server, label or file name must contain */
      text: z.string().optional(),
      face: z.enum(['proven', 'damaged', 'not-checked']).optional(),
      sort: z.enum(sortKeys).default('taken'),
      descending: z.boolean().default(true),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(20_000).default(20_000),
    }),
    z.object({ total: z.number(), copies: z.array(copyRowSchema) }),
  ),
  'copy.show': call(id, copySchema),
  /** throws `not-checkable` where the copy was not read to its end: tables would look as if they were gone */
  'copy.changes': call(id, changesSchema),
  /** reads the copy again: same size, same SHA-256, readable to its end */
  'copy.check': call(id, jobRef),
  'copy.remove': call(id, nothing),
  /** any file on this computer, without keeping anything */
  'file.check': call(z.object({ file: z.string() }), jobRef),
  'file.report': call(jobRef, dumpReportSchema.nullable()),

  /** restores it in a sandbox and proves it; a copy's evidence goes into its manifest */
  'verify.start': call(
    z.object({
      target: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('copy'), id: z.string().min(1) }),
        z.object({ kind: z.literal('file'), file: z.string().min(1) }),
      ]),
      /** left out: as the settings say */
      engine: sandboxChoiceSchema.optional(),
      /** image of the container; left out: the database's, else the one that fits the dump */
      image: z.string().min(1).optional(),
      /** leave the sandbox open for browsing */
      keep: z.boolean().default(false),
    }),
    jobRef,
  ),
  /** every copy that is not damaged and whose rung *exact* is not proven, newest first, one after the other */
  'verify.all': call(nothing, z.object({ jobIds: z.array(z.string()) })),
  /** null once it is over, and where this engine does not run it */
  'verify.live': call(jobRef, liveVerificationSchema.nullable()),
  'verify.result': call(jobRef, verificationSchema.nullable()),

  'sandbox.engines': call(nothing, z.array(engineFactsSchema)),
  'sandbox.list': call(nothing, z.array(sandboxRowSchema)),
  'sandbox.stop': call(id, nothing),

  'browse.tables': call(z.object({ sandboxId: z.string() }), z.array(browseTableSchema)),
  /** opens a cursor that `browse.fetch` reads on; the engine closes it by itself when it is not used for a while */
  'browse.open': call(browseViewSchema, z.object({ cursorId: z.string(), columns: z.array(browseColumnSchema) })),
  'browse.fetch': call(
    z.object({ cursorId: z.string(), limit: z.number().int().min(1).max(1000).default(200) }),
    browsePageSchema,
  ),
  'browse.close': call(z.object({ cursorId: z.string() }), nothing),
  /**
   * a value that a page has cut, whole up to 4 million characters; `row` counts from the cursor's first row, `column`
   * is its place in `columns`
   */
  'browse.value': call(
    z.object({ cursorId: z.string(), row: z.number().int().min(0), column: z.number().int().min(0) }),
    z.object({ text: z.string().nullable(), cut: z.boolean() }),
  ),
  /** the view as CSV, from its first row on */
  'browse.csv': call(
    browseViewSchema.extend({ limit: z.number().int().min(1).max(100_000).default(10_000) }),
    z.object({
      csv: z.string(),
      rows: z.number(),
      end: z.boolean(),
      /** there are values that a spreadsheet would run as formulas */
      formulas: z.boolean(),
    }),
  ),

  /** the older one is on the left, whichever was named first */
  'compare.copies': call(z.object({ left: z.string(), right: z.string() }), comparisonSchema),
  /** counts at the server, now; the result stands in `compare.result` */
  'compare.source': call(z.object({ copyId: z.string() }), jobRef),
  'compare.result': call(jobRef, comparisonSchema.nullable()),

  /** every seal below the folder of the copies, newest first; needs no secret */
  'vault.list': call(z.object({ server: z.string().optional(), label: z.string().optional() }), z.array(sealSchema)),
  'vault.state': call(nothing, vaultStateSchema),
  /** asks for the passphrase in a prompt and proves it on this seal; the newest one unless told */
  'vault.unlock': call(z.object({ id: z.string().min(1).optional() }), vaultStateSchema),
  /** forgets every passphrase and key that is held in memory */
  'vault.lock': call(nothing, vaultStateSchema),
  /** opens it; asks in a prompt where the vault is locked, as `diff`, `open`, `reveal` and `export` do */
  'vault.show': call(id, openedSealSchema),
  /** the only answer that carries a value; of a line that is no entry: the line itself, and no key */
  'vault.reveal': call(
    id.extend({ file: z.string(), line: z.number().int().min(1) }),
    z.object({ key: z.string().nullable(), value: z.string() }),
  ),
  'vault.diff': call(z.object({ left: z.string().min(1), right: z.string().min(1) }), differenceSchema),
  /** the files of a database (`env` unless `files` are named), or files of this computer, into a new seal */
  'vault.seal': call(
    z.object({
      databaseId: z.string(),
      files: z.array(z.string().min(1)).max(1000).optional(),
      local: z.boolean().default(false),
      with: sealForSchema.default({ kind: 'as-before' }),
    }),
    jobRef,
  ),
  /** is what is sealed still what the server has? By fingerprints where there are some, else the seal is opened */
  'vault.drift': call(z.object({ databaseId: z.string() }), jobRef),
  /** what was last seen of each database, on request or before a backup; none of one that nobody has looked at */
  'vault.drifts': call(nothing, z.array(driftSeenSchema.extend({ databaseId: z.string() }))),
  /** what a job of `vault.seal`, `vault.drift` or `vault.put` came to; null until then */
  'vault.result': call(jobRef, vaultResultSchema.nullable()),
  /** all files of a seal, or some, into a folder that only the operator may enter; nothing there is overwritten */
  'vault.open': call(
    id.extend({ to: z.string().min(1), files: z.array(z.string()).optional() }),
    z.object({ folder: z.string(), files: z.array(z.string()) }),
  ),
  /** one file back to its server: what lies there is sealed first. `path`: where to, else where it came from */
  'vault.put': call(
    id.extend({ databaseId: z.string(), file: z.string(), path: z.string().min(1).optional() }),
    jobRef,
  ),
  /** a file IN CLEAR that a password manager imports, below the folder `to`. `notWhole`: files that are not in it as a whole */
  'vault.export': call(
    id.extend({ format: exportFormatSchema, to: z.string().min(1) }),
    z.object({ file: z.string(), entries: z.number(), notWhole: z.array(z.string()) }),
  ),
  /** what to print and lay away: how to open the seals without Lifeboat, and a line to write the passphrase on */
  'vault.recoverySheet': call(z.object({ language: z.enum(['en', 'zh-CN']) }), z.object({ text: z.string() })),
  /** keys that can be sealed for: imported ones, and those of the operator's own gpg */
  'vault.recipients': call(nothing, z.array(recipientSchema)),
  'vault.importRecipient': call(z.object({ file: z.string().min(1) }), z.array(recipientSchema)),
  'vault.removeRecipient': call(z.object({ fingerprint: z.string() }), nothing),

  'job.list': call(z.object({ limit: z.number().int().min(1).max(5000).default(200) }), z.array(jobSchema)),
  'job.show': call(id, jobSchema),
  'job.log': call(id, z.array(logLineSchema)),
  'job.cancel': call(id, nothing),

  'settings.get': call(nothing, settingsSchema),
  'settings.set': call(settingsChangeSchema, settingsSchema),

  'keychain.list': call(nothing, z.array(z.object({ reference: z.string(), subject: z.string() }))),
  'keychain.forget': call(z.object({ reference: z.string() }), nothing),

  'prompt.answer': call(z.object({ id: z.string(), answer: answerSchema }), nothing),
  'prompt.pending': call(nothing, z.array(promptSchema)),

  'catalogue.rebuild': call(nothing, z.object({ copies: z.number(), problems: z.array(z.string()) })),
  doctor: call(nothing, z.array(diagnosisSchema)),

  /** starts the demo server inside this engine and adds it with its databases */
  'demo.start': call(nothing, z.object({ serverId: z.string(), databaseIds: z.array(z.string()) })),
  'demo.remove': call(nothing, nothing),
} as const

/** Calls that the shell answers itself, because only it may touch the desktop. */
export const shellCalls = {
  'shell.facts': call(
    nothing,
    z.object({
      platform: z.string(),
      electron: z.string(),
      /** Lifeboat runs on the substitute Electron that is for trying out only */
      trialRuntime: z.boolean(),
      /** the best of the desktop's languages that is one of ours */
      desktopLanguage: z.enum(['en', 'zh-CN']),
      /** what the shell speaks: as the settings were when it last knew them, else the desktop's */
      language: z.enum(['en', 'zh-CN']),
      engine: z.enum(['starting', 'running', 'stopped']),
    }),
  ),
  'shell.showInFolder': call(z.object({ copyId: z.string() }), nothing),
  'shell.openLogs': call(nothing, nothing),
  'shell.chooseFolder': call(z.object({ current: z.string().nullable() }), z.object({ folder: z.string().nullable() })),
  'shell.chooseFile': call(
    z.object({ kind: z.enum(['key', 'dump', 'public-key', 'env']) }),
    z.object({ file: z.string().nullable() }),
  ),
  'shell.setTheme': call(z.object({ theme: z.enum(['system', 'light', 'dark']) }), nothing),
  /** asks where to, and writes it there; null when the operator thought better of it */
  'shell.saveText': call(
    z.object({ name: z.string().max(200), text: z.string().max(50_000_000) }),
    z.object({ file: z.string().nullable() }),
  ),
  'shell.copyText': call(z.object({ text: z.string().max(100_000) }), nothing),
  /** one line of a seal to the clipboard, past the window; taken off it again unless something else is there by then */
  'shell.copySecret': call(
    z.object({ id: z.string().min(1), file: z.string(), line: z.number().int().min(1) }),
    z.object({ seconds: z.number() }),
  ),
  'shell.restartEngine': call(nothing, nothing),
} as const

/**
 * Engine calls that destroy or give away something: the shell asks in a dialog of its own before it passes them on,
 * whatever the window says. True when the operator agreed and it was done.
 */
export const confirmedCalls = [
  'server.remove',
  'database.remove',
  'copy.remove',
  'pin.remove',
  'demo.remove',
  'vault.put',
  'vault.open',
  'vault.export',
  'keychain.forget',
] as const

/** Everything that the engine tells without being asked. */
export const engineEvents = {
  /** a job's row has changed; bytes at most ten times a second, everything else always */
  job: jobSchema,
  /** something of this word has changed: read it again */
  changed: z.object({
    words: z.array(z.enum(['server', 'database', 'copy', 'job', 'pin', 'settings', 'sandbox', 'seal'])),
  }),
  /** a running verification; steps always, rows at most ten times a second */
  verification: liveVerificationSchema,
  /** the vault was unlocked or locked, or its keychain entry changed */
  vault: vaultStateSchema,
  /** one more check of a running connection test */
  test: testSchema,
  prompt: promptSchema,
  /** the question was answered or is no longer of interest */
  promptClosed: z.object({ id: z.string() }),
} as const

export const shellEvents = {
  engine: z.object({ state: z.enum(['starting', 'running', 'stopped']), reason: z.string().nullable() }),
  /** a menu item or a shortcut of the menu */
  command: z.object({
    name: z.enum([
      'palette',
      'settings',
      'overview',
      'servers',
      'copies',
      'vault',
      'activity',
      'add-server',
      'lock-vault',
    ]),
  }),
} as const

export const calls = { ...engineCalls, ...shellCalls }
export const events = { ...engineEvents, ...shellEvents }

export type EngineCalls = typeof engineCalls
export type ShellCalls = typeof shellCalls
export type Calls = typeof calls
export type CallName = keyof Calls
export type EngineCallName = keyof EngineCalls
/** what a caller may write (defaults may be left out) */
export type Input<C extends CallName> = z.input<Calls[C]['input']>
/** what a handler gets (defaults filled in) */
export type Parsed<C extends CallName> = z.output<Calls[C]['input']>
export type Output<C extends CallName> = z.output<Calls[C]['output']>

export type Events = { [E in keyof typeof events]: z.output<(typeof events)[E]> }
export type EventName = keyof Events
export type EngineEvents = { [E in keyof typeof engineEvents]: z.output<(typeof engineEvents)[E]> }
export type EngineEvent = { [E in keyof EngineEvents]: { name: E; value: EngineEvents[E] } }[keyof EngineEvents]

export function isEngineCall(name: string): name is EngineCallName {
  return Object.hasOwn(engineCalls, name)
}
export function isShellCall(name: string): name is keyof ShellCalls {
  return Object.hasOwn(shellCalls, name)
}
