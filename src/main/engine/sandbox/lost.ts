import { LifeboatFailure } from '#shared/failure.ts'

/** The end of a server, told once to all who wait for it. */
export type Fate = {
  readonly lost: Promise<never>
  /** The server is gone. Of no effect once its end was asked for. */
  lose(message: string, detail?: string): void
  /** From now on its end is what was asked for. */
  expectEnd(): void
}

export function createFate(): Fate {
  const { promise, reject } = Promise.withResolvers<never>()
  // nobody need be waiting
  promise.catch(() => {})
  let expected = false
  return {
    lost: promise,
    lose(message, detail) {
      if (!expected) reject(new LifeboatFailure('sandbox-lost', message, detail ? { detail } : {}))
    },
    expectEnd: () => void (expected = true),
  }
}

/** Whether a server refused something for want of disk, memory or locks: that says nothing about what it was given. */
export function lacksRoom(sqlstate: string | undefined): boolean {
  return sqlstate?.startsWith('53') ?? false
}
