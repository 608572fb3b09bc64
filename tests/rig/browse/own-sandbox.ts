import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { vi } from 'vitest'
import type { Sandbox, SandboxRole } from '#engine/sandbox/sandbox.ts'
import { LifeboatFailure } from '#shared/failure.ts'

/** A PostgreSQL of the test's own, dressed as a sandbox: what is read in it does not depend on who has started it. */
export type OwnSandbox = Sandbox & { admin(database: string, sql: string): Promise<void> }

export async function ownSandbox(): Promise<OwnSandbox> {
  const name = `lifeboat-browse-${randomBytes(4).toString('hex')}`
  const docker = (...args: string[]): string => execFileSync('docker', args, { encoding: 'utf8' }).trim()
  const image = 'postgres:18-alpine'
  docker('run', '-d', '--name', name, '-e', 'POSTGRES_HOST_AUTH_METHOD=trust', image, 'postgres', '-c', 'fsync=off')
  await vi.waitFor(() => docker('exec', name, 'pg_isready', '-q', '-h', '127.0.0.1'), {
    timeout: 60_000,
    interval: 200,
  })
  const host = docker('inspect', '-f', '{{.NetworkSettings.IPAddress}}', name)
  const users: Record<SandboxRole, string> = { admin: 'postgres', loader: 'postgres', reader: 'reader' }
  const connect = async (role: SandboxRole, database: string): Promise<Client> => {
    const client = new Client({ host, user: users[role], database })
    try {
      await client.connect()
    } catch (error) {
      throw new LifeboatFailure('sandbox-lost', 'The sandbox is gone.', { cause: error })
    }
    await client.query(`set timezone = 'UTC'; set row_security = off; set search_path = ''; set extra_float_digits = 3`)
    return client
  }
  const admin = async (database: string, sql: string): Promise<void> => {
    const client = await connect('admin', database)
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  await admin(
    'postgres',
    'create role reader login nosuperuser bypassrls in role pg_read_all_data; alter role reader set default_transaction_read_only = on',
  )
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => undefined)
  const engine = { kind: 'docker', version: '18', image, settings: {} } as const
  return {
    id: name,
    engine,
    major: 18,
    superuser: true,
    connect,
    run: null,
    lost: lost.promise,
    keepUntil: () => undefined,
    row: () => ({
      id: name,
      engine,
      subject: 'shop/prod',
      copyId: null,
      jobId: 'j1',
      startedAt: '2026-11-23T03:00:00Z',
      state: 'open',
      until: null,
    }),
    async stop() {
      docker('rm', '-f', '-v', name)
      lost.reject(new LifeboatFailure('sandbox-lost', 'The sandbox was stopped.'))
    },
    admin,
  }
}
