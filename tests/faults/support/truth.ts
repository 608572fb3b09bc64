import type { CopyTable } from '#shared/copy.ts'
import { countQuery, pinned, tablesQuery, type SourceTable } from '../../rig/reader/truth.ts'
import type { Beside } from './server-side.ts'

/** Rows and fingerprint of each table, by its name: what a whole copy must say. */
export type Truth = ReadonlyMap<string, string>

/** What PostgreSQL itself says of every table, without any dump. */
export async function truthOf(beside: Beside): Promise<Truth> {
  await beside.query(pinned)
  const [found] = await beside.query<{ coalesce: SourceTable[] }>(tablesQuery)
  const truth = new Map<string, string>()
  for (const table of found?.coalesce ?? []) {
    const [row] = await beside.query<{ said: string }>(`select (${countQuery(table)}) as said`)
    truth.set(`${table.schema}.${table.name}`, row?.said ?? '')
  }
  return truth
}

export function tablesAs(tables: readonly CopyTable[]): Truth {
  return new Map(tables.map(({ schema, name, rows, fingerprint }) => [`${schema}.${name}`, `${rows}:${fingerprint}`]))
}

/**
 * True when a copy's tables are those of the source, all of them and nothing else. pg_dump loads some partitions through
 * their root: those are summed.
 */
export function isWhole(tables: Truth, source: Truth): boolean {
  const folded = new Map(source)
  for (const root of [...tables.keys()].filter((name) => !source.has(name))) {
    const leaves = [...folded].filter(([name]) => name.startsWith(`${root}_`))
    for (const [name] of leaves) folded.delete(name)
    folded.set(root, sum(leaves.map(([, said]) => said)))
  }
  return folded.size === tables.size && [...folded].every(([name, said]) => tables.get(name) === said)
}

function sum(said: readonly string[]): string {
  const pairs = said.map((each) => each.split(':').map(BigInt))
  const rows = pairs.reduce((total, [count = 0n]) => total + count, 0n)
  return `${rows}:${pairs.reduce((total, [, print = 0n]) => total + print, 0n) % 2n ** 64n}`
}
