import { z } from 'zod'
import { catalogueQueries, commentsQuery, grantsQuery } from './catalogue.ts'
import type { Ask } from './session.ts'
import { objectKey, type Expected } from './statements/expected.ts'
import { grantKey } from './statements/grants.ts'
import { sqlName } from './statements/tables.ts'
import { plainText, tokenize } from './statements/tokens.ts'

/** An object as the sandbox has it. */
export type Actual = {
  /** usable: an index that is valid and ready, a constraint whose index is */
  valid: boolean
  /** what PostgreSQL says of it, under the names that the facts of a dump have */
  facts: Record<string, string | null>
}

/** All that a database in the sandbox holds. */
export type ActualObjects = {
  /** by `objectKey` */
  objects: Map<string, Actual[]>
  /** privileges by `grantKey`; a star behind one that may be passed on */
  grants: Map<string, Set<string>>
  comments: number
}

const fact = z.union([z.string(), z.array(z.string()).transform((list) => JSON.stringify(list))]).nullable()
const rowSchema = z.object({
  kind: z.string(),
  schema: z.string(),
  name: z.string(),
  of: z.tuple([z.string(), z.string()]).nullish(),
  valid: z.boolean().default(true),
  facts: z.record(z.string(), fact).default({}),
  more: z.record(z.string(), fact).default({}),
  columns: z.array(z.string()).optional(),
})

/** Everything that a database in the sandbox holds, in a handful of queries. */
export async function actualObjects(ask: Ask, major: number): Promise<ActualObjects> {
  const objects = new Map<string, Actual[]>()
  for (const query of catalogueQueries(major)) {
    for (const [text] of await ask(query)) {
      const row = rowSchema.parse(JSON.parse(text ?? ''))
      const of = row.of ? { schema: row.of[0], name: row.of[1] } : null
      const name = row.kind === 'cast' ? castName(row.name) : row.name
      const columns = row.columns === undefined ? {} : { columns: JSON.stringify(row.columns) }
      const actual = { valid: row.valid, facts: { ...row.facts, ...row.more, ...columns } }
      const key = objectKey(row.kind, { schema: row.schema, name }, of)
      const same = objects.get(key)
      if (same) same.push(actual)
      else objects.set(key, [actual])
    }
  }
  const [comments] = await ask(commentsQuery)
  return { objects, grants: await actualGrants(ask), comments: Number(comments?.[0] ?? 0) }
}

/** A cast's name is the two types, as the dump's statement is read. */
function castName(lines: string): string {
  const [from = '', to = ''] = lines.split('\n').map((type) => plainText(tokenize(type)))
  return `${from} as ${to}`
}

const grantSchema = z.tuple([z.string(), z.string(), z.string().nullable(), z.string(), z.array(z.string())])

async function actualGrants(ask: Ask): Promise<Map<string, Set<string>>> {
  const grants = new Map<string, Set<string>>()
  for (const [text] of await ask(grantsQuery)) {
    const [kind, path, column, grantee, privileges] = grantSchema.parse(JSON.parse(text ?? ''))
    const key = grantKey(kind, z.array(z.string()).parse(JSON.parse(path)), column, grantee)
    const all = grants.get(key) ?? new Set()
    for (const privilege of privileges) all.add(privilege)
    grants.set(key, all)
  }
  return grants
}

/** Sequences that are read in one statement. */
const BATCH = 200

/** Fills in where these sequences stand. */
export async function readSequences(
  ask: Ask,
  expected: readonly Expected[],
  { objects }: ActualObjects,
): Promise<void> {
  const known = expected.filter(({ key, facts }) => facts.has('value') && objects.has(key))
  for (let from = 0; from < known.length; from += BATCH) {
    const batch = known.slice(from, from + BATCH)
    const selects = batch.map(
      (sequence, i) =>
        `SELECT ${i}, last_value, CASE WHEN is_called THEN 'used' ELSE 'not used' END FROM ${sqlName(sequence)}`,
    )
    for (const [index, value, used] of await ask(selects.join('\nUNION ALL\n'))) {
      const sequence = batch[Number(index)]
      const actual = sequence === undefined ? undefined : objects.get(sequence.key)?.[0]
      if (actual) actual.facts['value'] = `${value}, ${used}`
    }
  }
}
