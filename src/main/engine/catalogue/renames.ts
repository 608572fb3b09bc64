import type { Rename } from './profiles.ts'
import type { Store } from './store.ts'

type RenameRow = { server: string; label: string | null; new_name: string; at: string }

/** Called when a server or a database gets another name. */
export type Renames = {
  server(from: string, to: string): void
  database(server: string, from: string, to: string): void
}

export function listRenames(store: Store): Rename[] {
  return store
    .all<RenameRow>('SELECT server, label, new_name, at FROM renames ORDER BY seq')
    .map(({ server, label, new_name: to, at }) => ({ server, label, to, at }))
}

export function addRename(store: Store, { server, label, to, at }: Rename): void {
  store.run('INSERT INTO renames (server, label, new_name, at) VALUES (?, ?, ?, ?)', server, label, to, at)
}

/**
 * Under which names a copy belongs to today. Its manifest keeps the names under which it was taken.
 * Only renames from after it was stored count: a name that has become free may be given to another server.
 */
export function namesToday(
  renames: readonly Rename[],
  taken: { server: string; label: string; storedAt: string },
): { server: string; label: string } {
  let { server, label } = taken
  const stored = Date.parse(taken.storedAt)
  for (const rename of renames) {
    if (rename.server !== server || Date.parse(rename.at) < stored) continue
    if (rename.label === null) server = rename.to
    else if (rename.label === label) label = rename.to
  }
  return { server, label }
}
