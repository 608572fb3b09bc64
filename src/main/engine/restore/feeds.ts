import type { Slice } from './slices.ts'
import type { Feed } from './session.ts'

/** Slices on their way to one session: a few that are there already, or a long row that is still coming. */
export class SliceFeed implements Feed {
  private readonly slices: Slice[] = []
  private ended = false
  private wake: () => void = () => {}

  push(slice: Slice): void {
    this.slices.push(slice)
    this.wake()
  }

  end(): void {
    this.ended = true
    this.wake()
  }

  async next(): Promise<Slice | null> {
    const slice = await this.peek()
    this.slices.shift()
    return slice
  }

  /** The next one, which stays. */
  async peek(): Promise<Slice | null> {
    while (true) {
      const slice = this.slices[0]
      if (slice) return slice
      if (this.ended) return null
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }
}

/** Slices that are kept until everything has been done with them, so that they can be sent a second time. */
export function kept(slice: Slice): Feed {
  let sent = false
  return {
    next: () => {
      const piece = sent ? null : { bytes: slice.bytes, done: () => {} }
      sent = true
      return Promise.resolve(piece)
    },
  }
}
