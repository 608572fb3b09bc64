import type { Session } from './session.ts'

/** A piece of work for whichever session is free. `shared` and `alone`: tables that it locks, as PostgreSQL does. */
export type Work = {
  run: (session: Session) => Promise<void>
  shared?: readonly string[]
  alone?: readonly string[]
}

/**
 * Work that waits for a session. Builds go before data, since one of them at the very end would be waited for by all; of
 * two that lock the same table only one is given out.
 */
export class WorkQueue {
  private readonly builds: Work[] = []
  private readonly data: Work[] = []
  private readonly holders = new Map<string, { shared: number; alone: boolean }>()
  private closed = false
  private running = 0
  private waiting: (() => void)[] = []

  build(work: Work): void {
    this.builds.push(work)
    this.wake()
  }

  feed(work: Work): void {
    this.data.push(work)
    this.wake()
  }

  /** Nothing is added any more, except by work that is running. */
  close(): void {
    this.closed = true
    this.wake()
  }

  /** Nothing that waits is done any more. */
  giveUp(): void {
    this.builds.length = 0
    this.data.length = 0
    this.close()
  }

  /** Has the sessions do all the work. Rejects with the first error, when all of them have stopped. */
  async run(sessions: readonly Session[]): Promise<void> {
    const ends = await Promise.allSettled(sessions.map((session) => this.work(session)))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }

  private async work(session: Session): Promise<void> {
    try {
      for (let work = await this.next(); work; work = await this.next()) {
        try {
          await work.run(session)
        } finally {
          this.running--
          this.hold(work, -1)
          this.wake()
        }
      }
    } catch (error) {
      // the others must not wait for what will never come
      this.giveUp()
      throw error
    }
  }

  private async next(): Promise<Work | null> {
    while (true) {
      const at = this.builds.findIndex((work) => this.isFree(work))
      const work = at >= 0 ? this.builds.splice(at, 1)[0] : this.data.shift()
      if (work) {
        // held before anybody else looks
        this.hold(work, 1)
        this.running++
        return work
      }
      if (this.closed && this.running === 0 && this.builds.length === 0) return null
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }

  private isFree({ shared = [], alone = [] }: Work): boolean {
    const held = (table: string) => this.holders.get(table)
    return (
      shared.every((table) => !held(table)?.alone) &&
      alone.every((table) => !held(table)?.alone && (held(table)?.shared ?? 0) === 0)
    )
  }

  private hold({ shared = [], alone = [] }: Work, by: 1 | -1): void {
    const holder = (table: string) => {
      const found = this.holders.get(table) ?? { shared: 0, alone: false }
      this.holders.set(table, found)
      return found
    }
    for (const table of shared) holder(table).shared += by
    for (const table of alone) holder(table).alone = by === 1
  }

  private wake(): void {
    const waiting = this.waiting
    this.waiting = []
    for (const resolve of waiting) resolve()
  }
}
