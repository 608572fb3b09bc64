import type { Database } from '#shared/database.ts'
import { sealToCompare, type Seal } from '#shared/vault.ts'

/** Everything that is sealed of one database, and what could be. */
export interface Group {
  server: string
  label: string
  /** null: the database is no longer in the list */
  databaseId: string | null
  /** paths of its files on the server */
  env: readonly string[]
  /** newest first */
  seals: readonly Seal[]
}

const collator = new Intl.Collator(undefined, { numeric: true })

/** By server and label: what has seals, and every database that could have some. */
export function groupsOf(seals: readonly Seal[], databases: readonly Database[]): Group[] {
  const groups = new Map<string, Group & { seals: Seal[] }>()
  // No name holds a slash.
  const keyOf = ({ server, label }: { server: string; label: string }): string => `${server}/${label}`
  for (const { id, serverName: server, label, env } of databases)
    groups.set(keyOf({ server, label }), { server, label, databaseId: id, env, seals: [] })
  for (const seal of seals) {
    const { server, label } = seal
    const group = groups.get(keyOf(seal)) ?? { server, label, databaseId: null, env: [], seals: [] }
    group.seals.push(seal)
    groups.set(keyOf(seal), group)
  }
  return [...groups.values()].sort(
    (one, other) => collator.compare(one.server, other.server) || collator.compare(one.label, other.label),
  )
}

/** Whether a comparison speaks of the seal that would be compared now. By its id: clocks may be wrong. */
export function isOf({ sealId }: { sealId: string }, { seals, env }: Group): boolean {
  return sealToCompare(seals, env)?.id === sealId
}
