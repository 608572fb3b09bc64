import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Ask } from './facts.ts'
import type { Answer } from './run.ts'

/** What was found and ended; nothing is left when this is returned. */
export type EndedDump = { readonly backends: number; readonly clients: number }

type Tools = {
  readonly rows: Ask
  readonly run: (argv: readonly string[], signal?: AbortSignal) => Promise<Answer>
}

/**
 * Ends the pg_dump with this application name: its backend in PostgreSQL, and the client process, which may hang in a
 * write that nobody reads any more and then never learns that its backend is gone. Returns when both are away.
 * Throws `remote-command` when something outlives SIGKILL.
 */
export async function endDump(tools: Tools, applicationName: string, signal?: AbortSignal): Promise<EndedDump> {
  const ended = { backends: 0, clients: 0 }
  for (let round = 0; round < 12; round++) {
    const backends = await endBackends(tools, applicationName, signal)
    const clients = await endClients(tools, applicationName, round < 4 ? 'TERM' : 'KILL', signal)
    ended.backends = Math.max(ended.backends, backends)
    ended.clients = Math.max(ended.clients, clients)
    if (backends === 0 && clients === 0) return ended
    await pause(100 + 50 * round, undefined, signal ? { signal } : {})
  }
  throw new LifeboatFailure('remote-command', `The dump ${applicationName} on the server does not let itself be ended.`)
}

async function endBackends({ rows }: Tools, applicationName: string, signal?: AbortSignal): Promise<number> {
  const name = applicationName.replaceAll("'", "''")
  const sql = `select pid, pg_terminate_backend(pid) as told from pg_catalog.pg_stat_activity
    where application_name = '${name}' and pid <> pg_backend_pid()`
  return (await rows(sql, z.object({ pid: z.number(), told: z.boolean() }), signal)).length
}

// /proc tells whose environment it is; ps and pkill are missing in small images, and names of programs prove nothing
const endByEnvironment = `count=0
for process in /proc/[0-9]*; do
  if tr '\\0' '\\n' 2>/dev/null <"$process/environ" | grep -qxF "PGAPPNAME=$1"; then
    count=$((count + 1)); kill -s "$2" "\${process#/proc/}" 2>/dev/null
  fi
done 2>/dev/null
echo "$count"`

async function endClients(tools: Tools, name: string, how: 'TERM' | 'KILL', signal?: AbortSignal): Promise<number> {
  const answer = await tools.run(['/bin/sh', '-c', endByEnvironment, 'end', name, how], signal)
  return /^\d{1,6}$/.test(answer.stdout.trim()) ? Number(answer.stdout.trim()) : 0
}
