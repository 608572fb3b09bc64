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
 * Ends what bears one of these application names: its backend in PostgreSQL, and the client process, which may hang in a
 * write that nobody reads any more and then never learns that its backend is gone. Returns when both are away.
 * Throws `remote-command` when something outlives SIGKILL.
 */
export async function endDump(tools: Tools, names: readonly string[], signal?: AbortSignal): Promise<EndedDump> {
  const ended = { backends: 0, clients: 0 }
  for (let round = 0; round < 12; round++) {
    const backends = await endBackends(tools, names, signal)
    const clients = await endClients(tools, names, round < 4 ? 'TERM' : 'KILL', signal)
    ended.backends = Math.max(ended.backends, backends)
    ended.clients = Math.max(ended.clients, clients)
    if (backends === 0 && clients === 0) return ended
    await pause(100 + 50 * round, undefined, signal ? { signal } : {})
  }
  throw new LifeboatFailure('remote-command', `${names.join(' and ')} on the server can not be ended.`)
}

async function endBackends({ rows }: Tools, names: readonly string[], signal?: AbortSignal): Promise<number> {
  const quoted = names.map((name) => `'${name.replaceAll("'", "''")}'`)
  const sql = `select pid, pg_terminate_backend(pid) as told from pg_catalog.pg_stat_activity
    where application_name in (${quoted.join(', ')}) and pid <> pg_backend_pid()`
  return (await rows(sql, z.object({ pid: z.number(), told: z.boolean() }), signal)).length
}

// /proc tells whose environment it is; ps and pkill are missing in small images, and names of programs prove nothing.
// A postgres that is a container's first process inherits the orphans there, and takes one that dies of a signal for a
// crash of its own: it throws every session out. So whose parent goes is left to go by itself, and its orphans too.
const endByEnvironment = `how=$1; shift; found=' '; count=0
for process in /proc/[0-9]*; do
  if tr '\\0' '\\n' <"$process/environ" | grep -qxF "$@"; then found="$found\${process#/proc/} "; fi
done 2>/dev/null
parent() { read -r stat <"/proc/$1/stat" && set -- \${stat##*) } && echo "$2"; }
read -r first 2>/dev/null </proc/1/comm
for pid in $found; do
  count=$((count + 1)); above=$(parent "$pid")
  case $found in *" $above "*) continue ;; esac
  if [ "$above" = 1 ] && [ "$first" = postgres ]; then continue; fi
  kill -s "$how" "$pid"
done 2>/dev/null
echo "$count"`

type How = 'TERM' | 'KILL'

async function endClients(tools: Tools, names: readonly string[], how: How, signal?: AbortSignal): Promise<number> {
  const patterns = names.flatMap((name) => ['-e', `PGAPPNAME=${name}`])
  const answer = await tools.run(['/bin/sh', '-c', endByEnvironment, 'end', how, ...patterns], signal)
  return /^\d{1,6}$/.test(answer.stdout.trim()) ? Number(answer.stdout.trim()) : 0
}
