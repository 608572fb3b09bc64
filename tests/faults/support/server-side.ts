import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import pg from 'pg'
import { afterAll } from 'vitest'
import { execFileSync } from 'node:child_process'
import { dumpName, sourceName } from '#engine/postgres/dump-command.ts'

/** A database as somebody sees it who stands beside the server. */
export type Beside = { query<T extends object>(sql: string): Promise<T[]> }

export type Access = { container: string; dbname: string; user: string; password: string | null }

const clients: pg.Client[] = []
// the database may be gone already
afterAll(() => Promise.allSettled(clients.map((client) => client.end())))

/** A connection that stays for the whole file. */
export async function standBeside({ container, dbname, user, password }: Access): Promise<Beside> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  const host = execFileSync('docker', ['inspect', '-f', format, container], { encoding: 'utf8' }).trim()
  const client = new pg.Client({ host, database: dbname, user, password: password ?? '', application_name: 'beside' })
  client.on('error', () => {})
  await client.connect()
  clients.push(client)
  return { query: async <T extends object>(sql: string) => (await client.query<T>(sql)).rows }
}

/** Backends of PostgreSQL that belong to a dump of this job. */
export async function dumpBackends(beside: Beside, jobId: string): Promise<number[]> {
  const sql = `select pid from pg_stat_activity where application_name = '${dumpName(jobId)}'`
  return (await beside.query<{ pid: number }>(sql)).map(({ pid }) => pid)
}

/** Backends that hold and count the source beside the dump of this job. */
export async function sourceBackends(beside: Beside, jobId: string): Promise<{ pid: number; waits: string | null }[]> {
  return beside.query(`select pid, wait_event_type as waits from pg_stat_activity
    where application_name = '${sourceName(jobId)}' and backend_type = 'client backend'`)
}

export type Process = { pid: number; parent: number; command: string }

/** Processes of this machine, those inside containers included, that belong to a dump of this job. */
export function dumpProcesses(jobId: string): Process[] {
  return processesNamed(dumpName(jobId))
}

/** The same for the session beside it. */
export function sourceProcesses(jobId: string): Process[] {
  return processesNamed(sourceName(jobId))
}

function processesNamed(name: string): Process[] {
  return processes((pid) => {
    const said = `${read(pid, 'environ')}\0${read(pid, 'cmdline')}`
    return said.split('\0').some((word) => word.includes(`PGAPPNAME=${name}`))
  })
}

/** The server's end of the SSH session in which this process runs. */
export function sshSession(process: Process): Process {
  for (let at: Process | undefined = process; at !== undefined && at.pid > 1; at = processOf(at.parent)) {
    if (/sshd: /.test(at.command)) return at
  }
  throw new Error(`process ${process.pid} (${process.command}) runs in no SSH session`)
}

/** Processes that have this file as their standard input, as a program has it that hashes it. */
export function readersOf(path: string): Process[] {
  return processes((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/0`) === path
    } catch {
      return false
    }
  })
}

function processes(wanted: (pid: number) => boolean): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => (wanted(Number(pid)) ? (processOf(Number(pid)) ?? []) : []))
}

function processOf(pid: number): Process | undefined {
  const stat = read(pid, 'stat')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // one that has ended and waits to be reaped runs no more
  if (stat === '' || fields[0] === 'Z') return undefined
  return { pid, parent: Number(fields[1]), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }
}

function read(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}
