import type { EngineCallName, EngineEvent, Output, Parsed } from '#shared/contract.ts'
import type { Database } from '#shared/database.ts'
import type { Server } from '#shared/server.ts'
import type { Catalogue } from '#engine/catalogue/open.ts'
import type { OpenDatabase } from '#engine/backup/end-left.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import type { Jobs } from '#engine/jobs/run.ts'
import type { Prompts } from '#engine/jobs/prompts.ts'
import type { Keychain } from '#engine/host/keychain.ts'
import type { DumpReport } from '#shared/dump-report.ts'
import type { Verification } from '#shared/verification.ts'
import type { Registry } from '#engine/sandbox/registry.ts'
import type { Live } from '#engine/verification/live.ts'

/** One function per call; the compiler asks for every one of them. */
export type Handlers = { [C in EngineCallName]: (input: Parsed<C>) => Promise<Output<C>> }

/** What handlers work with; built once in engine.ts. */
export type Context = {
  readonly catalogue: Catalogue
  readonly jobs: Jobs
  readonly prompts: Prompts
  readonly keychain: Keychain
  readonly version: string
  readonly dataDir: string
  /** one sentence when the catalogue was found corrupt at this start and was rebuilt */
  readonly rebuilt: string | null
  copiesDir(): string
  now(): Date
  emit(event: EngineEvent): void
  /** tells the window that lists of these words are to be read again */
  changed(...words: ('server' | 'database' | 'copy' | 'job' | 'pin' | 'settings' | 'seal' | 'sandbox')[]): void
  /** logs in at a server: asks for keys and secrets where needed, unless `nobody` is to be troubled */
  connect(
    server: Server,
    signal: AbortSignal,
    log: (text: string) => void,
    asked?: 'operator' | 'nobody',
  ): Promise<Connection>
  /** finds a database behind a connection */
  openDatabase(database: Database): OpenDatabase
  /** looks in the background, not too often, whether the files of the copies are still what was stored */
  lookAgain(): void
  /** what is to be closed with the engine */
  readonly ended: (() => Promise<void>)[]
  /** the sandboxes that stand right now */
  readonly sandboxes: Registry
  /** reports of `file.check`, until the engine ends */
  readonly reports: Map<string, DumpReport>
  /** folder for what sandboxes write, and for nothing else */
  readonly scratchDir: string
  /** verifications of this engine by their jobs: those that run, and what came out of those that ran */
  readonly verifications: { live: Map<string, Live>; results: Map<string, Verification> }
}
