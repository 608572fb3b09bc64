/** What one short command on the server gave back. `code` is null when a signal ended it. */
export type Answer = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

/**
 * Runs one short command on the server, arguments as they stand. Rejects when the connection fails or the command is
 * not given an end; any exit code is an answer. Output is bounded by whoever implements it.
 */
export type Remote = (argv: readonly string[], options?: { readonly signal?: AbortSignal }) => Promise<Answer>

/** Docker as it was found on a server: by absolute path, because a non-login shell lacks entries in PATH. */
export type Docker = {
  readonly path: string
  readonly version: string
  readonly compose: Compose | null
}

/** Compose v2 is a plugin (`docker compose`), v1 a program of its own; a v2 binary may go by v1's name. */
export type Compose = { readonly argv: readonly string[]; readonly version: string }

/** Whether Docker can be used. Each state needs another remedy, so that they are never thrown together. */
export type DockerState =
  | { readonly state: 'ready'; readonly docker: Docker }
  | { readonly state: 'absent' }
  | { readonly state: 'refused'; readonly path: string; readonly said: string }
  | { readonly state: 'stopped'; readonly path: string; readonly said: string }
  | { readonly state: 'broken'; readonly path: string; readonly said: string }
