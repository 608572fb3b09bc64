import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import { dumpArguments, dumpEnvironment, type DumpPlan } from './dump-command.ts'
import { endDump, type EndedDump } from './end-dump.ts'
import { explainPsql } from './explain.ts'
import {
  databaseFacts,
  dumpNeeds,
  holdsTables,
  listDatabases,
  type DatabaseFacts,
  type ListedDatabase,
  type SourceNeeds,
} from './facts.ts'
import { zstdInDump, parseDumpVersion, type DumpTool } from './dump-tool.ts'
import { connectionString, loginArguments, type Login } from './login.ts'
import type { Inside, Remote } from './run.ts'

/** One database on a server: short questions to it, and the command that dumps it. */
export type RemotePostgres = {
  readonly login: Login
  /** Rows of one SELECT, each checked by the schema. Throws `database-refused`, `database-not-found` or `tool-missing`. */
  rows<T>(select: string, row: z.ZodType<T>, signal?: AbortSignal): Promise<T[]>
  facts(signal?: AbortSignal): Promise<DatabaseFacts>
  databases(signal?: AbortSignal): Promise<ListedDatabase[]>
  holdsTables(signal?: AbortSignal): Promise<boolean>
  /** the same for another database of the same server */
  at(dbname: string): RemotePostgres
  /** roles and settings that a dump needs and does not carry */
  needs(signal?: AbortSignal): Promise<SourceNeeds>
  dumpTool(signal?: AbortSignal): Promise<DumpTool>
  /** arguments that write the dump to standard output */
  dumpCommand(plan: DumpPlan): string[]
  /** arguments that start a psql which reads statements from standard input, for a `psqlSession` */
  sessionCommand(applicationName: string): string[]
  /** ends what this computer began under these application names and can not reach any more; looks that it is gone */
  endDump(applicationNames: readonly string[], signal?: AbortSignal): Promise<EndedDump>
}

export function remotePostgres(remote: Remote, inside: Inside, login: Login): RemotePostgres {
  const run = (argv: readonly string[], env: Readonly<Record<string, string>>, signal?: AbortSignal) =>
    remote(inside(argv, { LC_ALL: 'C', ...env }), signal ? { signal } : {})

  async function rows<T>(select: string, row: z.ZodType<T>, signal?: AbortSignal): Promise<T[]> {
    const answer = await run(askArguments(login, select), psqlEnvironment, signal)
    if (answer.code !== 0) throw explainPsql(answer, login)
    return parseRows(answer.stdout, row)
  }

  return {
    login,
    rows,
    facts: (signal) => databaseFacts(rows, signal),
    databases: (signal) => listDatabases(rows, signal),
    holdsTables: (signal) => holdsTables(rows, signal),
    at: (dbname) => remotePostgres(remote, inside, { ...login, dbname }),
    needs: (signal) => dumpNeeds(rows, signal),
    async dumpTool(signal) {
      const version = run(['pg_dump', '--version'], {}, signal)
      const probe = run(zstdProbe, {}, signal)
      const [answer, probed] = await Promise.all([version, probe])
      if (answer.code !== 0) throw explainPsql(answer, login)
      const tool = parseDumpVersion(answer.stdout)
      return { ...tool, zstd: tool.major >= 16 && zstdInDump(probed) }
    },
    dumpCommand: (plan) => inside(dumpArguments(login, plan), dumpEnvironment(plan)),
    sessionCommand: (PGAPPNAME) => inside(psqlArguments(login), { LC_ALL: 'C', ...psqlEnvironment, PGAPPNAME }),
    endDump: (applicationNames, signal) =>
      endDump({ rows, run: (argv, stop) => run(argv, {}, stop) }, applicationNames, signal),
  }
}

/** pg_dump judges its compression before it connects, so that this one asks without touching any database. */
const zstdProbe = [
  'pg_dump',
  '--compress=zstd:3',
  '--no-password',
  `--dbname=${connectionString('postgres', '/nonexistent')}`,
]

/**
 * One known form, and no question that hangs for ever. An empty search_path: what others have put into the database must
 * not be mistaken for PostgreSQL's own functions. PGTZ stays unset, because the server's zone is one of the questions.
 */
const psqlEnvironment = {
  PGAPPNAME: 'lifeboat',
  PGCLIENTENCODING: 'UTF8',
  PGCONNECT_TIMEOUT: '15',
  PGOPTIONS: '-c search_path= -c statement_timeout=60s',
}

function askArguments(login: Login, select: string): string[] {
  return [...psqlArguments(login), `--command=${asJson(select)}`]
}

/** A SELECT whose rows come as one JSON object per line, for `parseRows`. */
export function asJson(select: string): string {
  return `select row_to_json(answer) from (${select}) as answer`
}

function psqlArguments(login: Login): string[] {
  return [
    'psql',
    '--no-psqlrc',
    '--no-password',
    '--quiet',
    '--tuples-only',
    '--no-align',
    '--set=ON_ERROR_STOP=1',
    ...loginArguments(login),
  ]
}

/** One JSON object per line; row_to_json writes newlines inside values as escapes. */
export function parseRows<T>(output: string, row: z.ZodType<T>): T[] {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const parsed = row.safeParse(parseJson(line))
      if (parsed.success) return parsed.data
      throw new LifeboatFailure('remote-command', 'psql on the server gave an answer that makes no sense.', {
        detail: z.prettifyError(parsed.error).slice(0, 500),
      })
    })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
