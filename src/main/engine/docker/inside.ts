import type { Seat } from './place.ts'

/**
 * Arguments that run a program where the database is, with a few variables set for it. Never `compose exec`, which has
 * corrupted binary streams and hung. The variables can be seen in the server's process list: never a secret.
 */
export function inside(seat: Seat, argv: readonly string[], env: Readonly<Record<string, string>> = {}): string[] {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  switch (seat.kind) {
    case 'host':
      return assignments.length === 0 ? [...argv] : ['env', ...assignments, ...argv]
    case 'container':
      return [seat.docker, 'exec', '-i', ...assignments.flatMap((one) => ['-e', one]), seat.id, ...argv]
  }
}

/** The same for one seat, to be handed on. */
export function insideOf(seat: Seat): (argv: readonly string[], env?: Readonly<Record<string, string>>) => string[] {
  return (argv, env) => inside(seat, argv, env)
}
