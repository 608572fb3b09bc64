import type { Client } from 'pg'
import type { SandboxChoice, SandboxEngine, SandboxRow } from '#shared/sandbox.ts'

/** What a copy needs of its sandbox. */
export type SandboxWish = {
  engine: SandboxChoice
  /** image that the operator named; null: the one that fits `major` */
  image: string | null
  /** major version that the dump came from; null: not known, then the newest */
  major: number | null
  /** bytes of SQL, as far as known: it decides between memory and a volume, and whether there is room at all */
  sqlBytes: number
  /** for the list of what runs */
  jobId: string
  copyId: string | null
  subject: string
}

/** What starting a sandbox is given beside the wish. */
export type SandboxSurroundings = {
  /** folder for what the embedded server and the ways in write; made when missing. Always the same one: it is swept */
  scratchDir: string
  now: () => Date
  signal: AbortSignal
  /** a job's reporter is one */
  report: { step(step: 'sandbox', detail?: string | null): void; log(text: string): void }
}

/**
 * Who a session is. `admin` makes databases and roles and is a superuser; `loader` runs the dump; `reader` can only read:
 * it logs in as a role of its own, so that nothing it says makes it anybody else.
 */
export type SandboxRole = 'admin' | 'loader' | 'reader'

/** The roles' names in every sandbox. No dump brings these, so that `postgres` is free to be made as the dump needs it. */
export const roleNames: Record<SandboxRole, string> = {
  admin: 'lifeboat_admin',
  loader: 'lifeboat_loader',
  reader: 'lifeboat_reader',
}

/** A throw-away PostgreSQL that nothing but us can reach. */
export type Sandbox = {
  readonly id: string
  readonly engine: SandboxEngine
  readonly major: number
  /**
   * Whether the loader is a superuser there. Where it is not (embedded), extensions are created for it by `admin`, and
   * what needs a superuser is done by `admin` or not at all.
   */
  readonly superuser: boolean
  /**
   * A session, connected and with settings pinned (event_triggers=off, TimeZone=UTC, DateStyle, IntervalStyle,
   * extra_float_digits, bytea_output, row_security, search_path, UTF-8). Whoever asks for it ends it.
   * Before PostgreSQL 17 there is no `event_triggers`: disable what the dump brought before anything else makes DDL.
   * The first `reader` of a database takes from PUBLIC there what would let it write.
   * @throws LifeboatFailure sandbox-lost when the sandbox is gone; not-found when there is no such database
   */
  connect(role: SandboxRole, database: string): Promise<Client>
  /** Runs a program of the server's own installation beside it, such as pg_restore; null where there is none (embedded). */
  readonly run: SandboxRun | null
  /** Rejects with sandbox-lost as soon as the server is gone, whatever the reason; never resolves. After `stop` it stays silent. */
  readonly lost: Promise<never>
  /** From now on it is kept for browsing until then; null: busy again. */
  keepUntil(until: Date | null): void
  row(): SandboxRow
  /** Removes it and all it has written. May be called again; never throws for what is gone already. */
  stop(): Promise<void>
}

/**
 * Standard input from a stream, standard output as one; `done` resolves with exit code and the tail of stderr.
 * The program reaches the server by itself: PGHOST, PGUSER (the loader) and PGPASSFILE are set for it.
 */
export type SandboxRun = (
  argv: readonly string[],
  options: { input?: AsyncIterable<Uint8Array>; signal: AbortSignal },
) => { stdout: AsyncIterable<Uint8Array>; done: Promise<{ code: number; stderr: string }> }
