import type { Sandbox, SandboxRole } from '../sandbox/sandbox.ts'
import { sessionOver, type Session } from './session.ts'

/** All sessions of one restore, so that none outlives it. */
export class Sessions {
  private readonly sandbox: Sandbox
  private readonly open = new Set<Session>()
  private destroyed = false

  constructor(sandbox: Sandbox) {
    this.sandbox = sandbox
  }

  async connect(role: SandboxRole, database: string): Promise<Session> {
    const session = sessionOver(await this.sandbox.connect(role, database))
    if (this.destroyed) session.destroy()
    this.open.add(session)
    return session
  }

  /** Ends a session that is not needed any more. */
  async end(session: Session): Promise<void> {
    this.open.delete(session)
    await session.end().catch(() => {})
  }

  /** Cuts all lines at once, whatever they are doing. */
  destroy(): void {
    this.destroyed = true
    for (const session of this.open) session.destroy()
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.open].map((session) => this.end(session)))
  }
}
