import { LifeboatFailure } from '#shared/failure.ts'
import type { SandboxKind } from '#shared/sandbox.ts'
import type { Fate } from './lost.ts'
import { makeRoles } from './roles.ts'
import type { Sandbox, SandboxRun, SandboxSurroundings, SandboxWish } from './sandbox.ts'
import { openSession, readEngine, sessions, type Passwords, type WayIn } from './session.ts'

/** A server that is up, in whatever it runs: it knows the admin's password and nothing else yet. */
export type Server = {
  kind: SandboxKind
  image: string | null
  way: WayIn
  passwords: Passwords
  fate: Fate
  superuser: boolean
  run: SandboxRun | null
  stop(): Promise<void>
}

/** Makes a sandbox of a server that is up. Stops the server when that fails. */
export async function stand(
  id: string,
  server: Server,
  wish: SandboxWish,
  { now, signal }: Pick<SandboxSurroundings, 'now' | 'signal'>,
): Promise<Sandbox> {
  let stopped: Promise<void> | null = null
  const stop = async (): Promise<void> => {
    server.fate.expectEnd()
    await (stopped ??= server.stop())
  }
  try {
    const { version, major, settings } = await furnish(server)
    signal.throwIfAborted()
    const engine = { kind: server.kind, version, image: server.image, settings }
    const startedAt = now().toISOString()
    let until: Date | null = null
    const door = { way: server.way, passwords: server.passwords, major, superuser: server.superuser }
    return {
      id,
      engine,
      major,
      superuser: server.superuser,
      connect: sessions(door, server.fate.lost),
      run: server.run,
      lost: server.fate.lost,
      keepUntil: (date) => void (until = date),
      row: () => ({
        id,
        engine,
        subject: wish.subject,
        copyId: wish.copyId,
        jobId: wish.jobId,
        startedAt,
        state: until === null ? 'busy' : 'open',
        until: until?.toISOString() ?? null,
      }),
      stop,
    }
  } catch (error) {
    await stop()
    signal.throwIfAborted()
    if (error instanceof LifeboatFailure) throw error
    throw new LifeboatFailure('sandbox-lost', 'The sandbox went away as soon as it stood.', { cause: error })
  }
}

async function furnish({ way, passwords, fate, superuser }: Server): ReturnType<typeof readEngine> {
  const admin = await Promise.race([
    openSession({ way, passwords, major: 0, superuser }, 'admin', 'postgres'),
    fate.lost,
  ])
  try {
    await makeRoles(admin, passwords, superuser)
    return await readEngine(admin)
  } finally {
    await admin.end()
  }
}
