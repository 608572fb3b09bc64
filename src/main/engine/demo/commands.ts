import { gzipSync } from 'node:zlib'
import type { DemoDatabase } from './databases.ts'
import { demoDatabases, type DemoLabel } from './facts.ts'

/** One call of a program that the demo server pretends to have. */
export type CommandCall = { program: string; args: string[] }
export type CommandAnswer = { code: number; stdout: Uint8Array | string; stderr: string }

type World = { databases: Record<DemoLabel, DemoDatabase>; projectDir: string }

/** Answers `docker`, and behind `docker exec` the `psql` and `pg_dump` of a container. */
export async function answerCommand(call: CommandCall, world: World): Promise<CommandAnswer> {
  if (call.program !== 'docker') return failed(127, `${call.program}: not found`)
  const [verb, ...rest] = call.args
  switch (verb) {
    case 'version':
      return said('"28.5.1"\n')
    case 'compose':
      return rest[0] === 'version' ? said('2.40.3\n') : said(idsOfProject(rest).join(''))
    case 'ps':
      return said(labels.map((label) => `${idOf(label)}\n`).join(''))
    case 'inspect':
      return inspect(rest, world.projectDir)
    case 'exec':
      return inContainer(rest, world)
    default:
      return failed(1, `docker: '${verb ?? ''}' is not a docker command.`)
  }
}

const labels: DemoLabel[] = ['prod', 'test']

/** Container ids are 64 hexadecimal digits; these spell the label. */
function idOf(label: DemoLabel): string {
  return Buffer.from(`demo-${label}`).toString('hex').padEnd(64, '0')
}

function idsOfProject(args: readonly string[]): string[] {
  const text = args.join(' ')
  return labels.filter((label) => text.includes(label)).map((label) => `${idOf(label)}\n`)
}

function inspect(args: readonly string[], projectDir: string): CommandAnswer {
  const asked = labels.filter((label) => args.includes(idOf(label)) || args.includes(demoDatabases[label].container))
  if (asked.length === 0) return failed(1, 'Error: No such container')
  const lines = asked.map((label) => {
    const { container, dbname, dbuser } = demoDatabases[label]
    return JSON.stringify({
      id: idOf(label),
      name: `/${container}`,
      image: 'postgres:18-alpine',
      state: 'running',
      project: `agentcard-${label}`,
      service: 'db',
      dir: projectDir,
      files: `${projectDir}/docker-compose.${label}.yml`,
      number: '1',
      oneoff: 'False',
      env: ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB', 'PGDATA'],
      values: [null, ['POSTGRES_USER', dbuser], ['POSTGRES_DB', dbname]],
    })
  })
  return said(`${lines.join('\n')}\n`)
}

/** `exec [-i] [-e NAME=VALUE]… CONTAINER PROGRAM ARGUMENT…` */
async function inContainer(args: readonly string[], world: World): Promise<CommandAnswer> {
  let at = 0
  for (; at < args.length && args[at]?.startsWith('-'); at++) if (args[at] === '-e') at++
  const label = labels.find((each) => idOf(each) === args[at] || demoDatabases[each].container === args[at])
  if (label === undefined) return failed(1, 'Error: No such container')
  const [program = '', ...rest] = args.slice(at + 1)
  const database = world.databases[label]
  switch (program) {
    case 'psql':
      return psql(rest, database)
    case 'pg_dump':
      return pgDump(rest, database, label)
    case '/bin/sh':
    case 'sh':
      // the only script that is run in a container ends what a lost dump has left; here nothing can be left
      return said('0\n')
    default:
      return failed(127, `OCI runtime exec failed: exec: "${program}": executable file not found in $PATH`)
  }
}

async function psql(args: readonly string[], database: DemoDatabase): Promise<CommandAnswer> {
  if (args.includes('--version')) return said(`psql (PostgreSQL) ${await database.version()}\n`)
  const sql = valueOf(args, '--command')
  if (sql === undefined) return failed(2, 'psql: error: nothing to do')
  try {
    const rows = await database.query(sql)
    return said(rows.map((row) => `${row}\n`).join(''))
  } catch (error) {
    return failed(1, `ERROR:  ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function pgDump(args: readonly string[], database: DemoDatabase, label: DemoLabel): Promise<CommandAnswer> {
  const version = await database.version()
  if (args.includes('--version')) return said(`pg_dump (PostgreSQL) ${version}\n`)
  const compress = valueOf(args, '--compress') ?? '0'
  if (compress.startsWith('zstd')) return failed(1, 'pg_dump: error: this build does not support compression with zstd')
  const wanted = /^dbname='(.*?)'/.exec(valueOf(args, '--dbname') ?? '')?.[1] ?? demoDatabases[label].dbname
  if (wanted !== demoDatabases[label].dbname) {
    return failed(1, `pg_dump: error: connection to server failed: FATAL:  database "${wanted}" does not exist`)
  }
  const text = await database.dump([])
  return { code: 0, stdout: compress === '0' ? text : gzipSync(text), stderr: '' }
}

function valueOf(args: readonly string[], name: string): string | undefined {
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
}

function said(stdout: string): CommandAnswer {
  return { code: 0, stdout, stderr: '' }
}

function failed(code: number, stderr: string): CommandAnswer {
  return { code, stdout: '', stderr: `${stderr}\n` }
}
