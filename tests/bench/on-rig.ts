import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { isOver, type Job } from '#shared/job.ts'
import type { NewDatabase } from '#shared/database.ts'
import { rig } from '../rig/machine/rig.ts'

export const scratch = mkdtempSync(join(tmpdir(), 'lifeboat-bench-'))

/** OpenSSH's options for the rig's server, reached directly or on another port. */
export function sshOptions(port = rig().ssh.port): string {
  const { keys } = rig()
  return `-i ${keys.ed25519.path} -o Port=${port} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`
}

/** `user@host` of the rig's operator. */
export function sshLogin(): string {
  const { ssh, users } = rig()
  return `${users.operator.name}@${ssh.host}`
}

/** An engine of its own that knows the rig's server with one database. */
export async function engineWith(
  database: Omit<NewDatabase, 'server' | 'label'>,
  port = rig().ssh.port,
): Promise<{ engine: Engine; databaseId: string }> {
  const { ssh, users, keys } = rig()
  const engine = await createEngine({
    dataDir: mkdtempSync(join(scratch, 'data-')),
    copiesDir: null,
    version: 'bench',
    keychain: noKeychain,
    now: () => new Date(),
  })
  const server = await engine.call('server.add', {
    name: 'rig',
    host: ssh.host,
    port,
    user: users.operator.name,
    auth: { kind: 'key', file: keys.ed25519.path },
    hostKey: ssh.hostKeys[0]?.fingerprint ?? null,
  })
  const { id } = await engine.call('database.add', { ...database, server: server.id, label: 'bench' })
  return { engine, databaseId: id }
}

/** Waits for a job; one that did not succeed has no time worth telling. */
export async function done(engine: Engine, jobId: string): Promise<Job> {
  const over = Promise.withResolvers<Job>()
  const stop = engine.subscribe((event) => {
    if (event.name === 'job' && event.value.id === jobId && isOver(event.value.state)) over.resolve(event.value)
  })
  const now = await engine.call('job.show', { id: jobId })
  const job = isOver(now.state) ? now : await over.promise
  stop()
  if (job.state !== 'done')
    throw new Error(`the job ${job.state}: ${job.failure?.message} ${job.failure?.detail ?? ''}`)
  return job
}

/** Runs one of the rig's own programs, such as the one that makes a large database. */
export function rigProgram(file: string, env: Record<string, string> = {}): void {
  const path = join(import.meta.dirname, '..', 'rig', 'machine', file)
  execFileSync(process.execPath, [path], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
}
