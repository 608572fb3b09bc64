import type { DumpPlan, PlanStep } from '#engine/dump/plan.ts'
import { Cursor } from './statements/cursor.ts'
import { readExpectations } from './statements/read.ts'
import { tokenize } from './statements/tokens.ts'
import type { Refusal } from './unchecked.ts'

type Refused = Refusal & { sqlstate: string; message: string; database: string | null }

/**
 * What PostgreSQL refused, where a dump that holds only a part of its database is not called damaged for that: `pg_dump -a`
 * fills tables that it never creates, `-t` and `-n` leave out what a key, a default or a type names. It can not be checked.
 * A piece that was lost from a whole dump is damage still: there, the very object that is missing is also filled, given an
 * owner, or altered.
 */
export function asPart<E extends Refused>(plan: DumpPlan, errors: readonly E[]): E[] {
  if (!errors.some((error) => error.class === 'damage' && missingIn(error) !== null)) return [...errors]
  const dump = createdBy(plan)
  const found = new Map<E, string>()
  // what was not made for want of something is missing in the statements behind it
  const notMade = new Set<string>()
  for (const error of errors.toSorted((a, b) => a.stepIndex - b.stepIndex)) {
    const missing = error.class === 'damage' ? missingIn(error) : null
    const step = plan.steps[error.stepIndex]
    if (missing === null || step === undefined) continue
    const key = keyOf(error.database, missing)
    const lacking = dump.created.has(key) ? notMade.has(key) : isOutside(missing, error.sqlstate, step, dump)
    if (!lacking) continue
    found.set(error, missing)
    for (const made of dump.bySteps.get(error.stepIndex) ?? []) notMade.add(made)
  }
  return errors.map((error) => {
    const missing = found.get(error)
    return missing === undefined ? error : { ...error, class: 'unchecked' as const, why: whyPart(missing) }
  })
}

function whyPart(missing: string): string {
  return `this dump holds only a part of its database, without ${missing}: a dump of all of it can be checked`
}

const SCHEMA = '3F000'
const UNDEFINED = new Set([SCHEMA, '42P01', '42704', '42883'])
const named =
  /^(?:relation|schema|type|collation|operator class|access method|language|server|text search \w+) "(.+?)"(?: for [^"]*(?:"[^"]*")?)? does not exist(?: \(|$)/s
const called = /^(?:function|procedure|aggregate) ([^(]+)\(.*?\) does not exist(?: \(|$)/s

/** The name of what is not there, as PostgreSQL says it: `app.orders`, without quotes. */
function missingIn({ sqlstate, message }: Refused): string | null {
  if (!UNDEFINED.has(sqlstate)) return null
  const name = named.exec(message)?.[1] ?? called.exec(message)?.[1] ?? null
  return name?.replace(/\[\]$/, '') ?? null
}

type Created = {
  /** names of all that the dump creates, by `keyOf` */
  created: ReadonlySet<string>
  /** the same by the statements that create it */
  bySteps: ReadonlyMap<number, string[]>
  tables: boolean
  schemas: boolean
}

function createdBy(plan: DumpPlan): Created {
  const created = new Set<string>()
  const bySteps = new Map<number, string[]>()
  const kinds = new Set<string>()
  for (const [database, { objects }] of readExpectations(plan, new Set())) {
    for (const { kind, schema, name, step } of [...objects.values()].flat()) {
      const key = keyOf(database === '' ? null : database, schema === '' ? name : `${schema}.${name}`)
      kinds.add(kind)
      created.add(key)
      bySteps.set(step, [...(bySteps.get(step) ?? []), key])
    }
  }
  return { created, bySteps, tables: kinds.has('table'), schemas: kinds.has('schema') }
}

/** Whether this is something that a part of a database has left out. */
function isOutside(missing: string, sqlstate: string, step: PlanStep, dump: Created): boolean {
  const subject = subjectOf(step)
  const own = subject === 'itself' || subject?.name === missing || (sqlstate === SCHEMA && subject?.schema === missing)
  // pg_dump says nothing of an object that it does not create, unless it creates none of its kind
  return !own || !(sqlstate === SCHEMA ? dump.schemas : dump.tables)
}

type Subject = { schema: string; name: string } | 'itself' | null

/** What a statement is about. Null: what it creates; `itself`: whatever it names. */
function subjectOf(step: PlanStep): Subject {
  if (step.step === 'copy') return shown(step)
  if (step.step === 'data') return step.table === null ? 'itself' : shown(step.table)
  const { kind, text } = step
  const cursor = new Cursor(tokenize(text))
  const behind = behindWord[kind]
  if (behind !== undefined) {
    if (!cursor.seek(behind)) return 'itself'
  } else if (kind.startsWith('CREATE ')) return null
  else if (kind === 'ALTER DEFAULT PRIVILEGES' || !kind.startsWith('ALTER ')) return 'itself'
  else if (/ ATTACH PARTITION /.test(text)) cursor.seek('ATTACH', 'PARTITION')
  else if (!cursor.seek(...kind.split(' ').slice(1))) return 'itself'
  cursor.skip('ONLY')
  const name = cursor.qualified()
  return name === null ? 'itself' : shown(name)
}

/** The word before the table that these are made for, or before their own name. */
const behindWord: Record<string, string> = {
  'CREATE INDEX': 'ON',
  'CREATE TRIGGER': 'ON',
  'CREATE POLICY': 'ON',
  'CREATE RULE': 'TO',
  'CREATE STATISTICS': 'FROM',
  'REFRESH MATERIALIZED VIEW': 'VIEW',
}

function shown({ schema, name }: { schema: string; name: string }) {
  return { schema, name: schema === '' ? name : `${schema}.${name}` }
}

function keyOf(database: string | null, name: string): string {
  return JSON.stringify([database, name])
}
