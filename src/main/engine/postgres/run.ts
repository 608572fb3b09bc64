/** What one short command on the server gave back. `code` is null when a signal ended it. */
export type Answer = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/** Runs one short command on the server; any exit code is an answer. */
export type Remote = (argv: readonly string[], options?: { readonly signal?: AbortSignal }) => Promise<Answer>

/** Turns a command into one that runs where the database is: in its container, or on the server itself. */
export type Inside = (argv: readonly string[], env?: Readonly<Record<string, string>>) => string[]
