import type { DatabaseError } from 'pg'
import { LifeboatFailure } from '#shared/failure.ts'
import { encodingOf } from '../dump/encodings.ts'
import type { DumpPlan } from '../dump/plan.ts'
import { nameAfter, quoteName, quoteText } from './names.ts'
import { refusalOf } from './refusals.ts'
import type { Session } from './session.ts'

/** A stretch of the plan that goes into one database: steps [from, to). */
export type Segment = { database: string | null; from: number; to: number }

/** Statements that may stand between the data of one dump, and wait for none of it. */
const amongData = /^(SELECT .*|SET|BEGIN|COMMIT|COMMENT|ALTER LARGE OBJECT|GRANT|REVOKE)$/

/**
 * The plan, parted where `\connect` leads into another database, and where a second dump of the same one begins: what it
 * creates must be there before its data.
 */
export function segmentsOf(plan: DumpPlan): Segment[] {
  const segments: Segment[] = []
  let data = false
  // the first statement behind the data that belongs to no data
  let behind: number | null = null
  for (const [index, step] of plan.steps.entries()) {
    let last = segments.at(-1)
    if (!last || last.database !== step.database) {
      last = { database: step.database, from: index, to: index }
      segments.push(last)
      data = false
      behind = null
    }
    last.to = index + 1
    if (step.step === 'statement') {
      if (data && behind === null && !amongData.test(step.kind)) behind = index
      continue
    }
    data = true
    if (behind === null) continue
    last.to = behind
    segments.push({ database: step.database, from: behind, to: index + 1 })
    behind = null
  }
  return segments
}

/**
 * Makes an empty database for each one that the dump has.
 * @returns their names in the sandbox, by the dump's own; '' is the one of a dump of a single database
 */
export async function makeDatabases(admin: Session, plan: DumpPlan): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const segment of segmentsOf(plan)) {
    const name = segment.database ?? ''
    if (!names.has(name)) names.set(name, await makeDatabase(admin, plan, segment))
  }
  if (names.size === 0) names.set('', await makeDatabase(admin, plan, { database: null, from: 0, to: 0 }))
  return names
}

/** They are there in every PostgreSQL: what a dump puts into them goes into a database of our own. */
const everywhere = new Set(['postgres', 'template0', 'template1'])

/**
 * Makes an empty database for a segment. It bears the dump's own name where the dump creates it.
 * @returns its name in the sandbox
 */
async function makeDatabase(admin: Session, plan: DumpPlan, { database, from, to }: Segment): Promise<string> {
  const created = plan.steps.some(
    (step) =>
      step.step === 'statement' &&
      step.kind === 'CREATE DATABASE' &&
      nameAfter('CREATE DATABASE', step.text) === database,
  )
  const own = database !== null && created && !everywhere.has(database)
  const wishes = [...(own ? [database] : []), 'lifeboat', `lifeboat_${from}`]
  let refusal: DatabaseError | null = null
  for (const name of wishes) {
    for (const options of optionsFor(encodingIn(plan, from, to))) {
      try {
        await admin.run(Buffer.from(`CREATE DATABASE ${quoteName(name)} TEMPLATE template0 ${options}`))
        return name
      } catch (error) {
        refusal = refusalOf(error)
        if (refusal.code === '42P04') break
      }
    }
  }
  const detail = refusal?.message ?? ''
  throw new LifeboatFailure('not-checkable', 'This PostgreSQL can make no database for the dump.', { detail })
}

/** The encoding that the dump's bytes are in there, as far as it says so. */
function encodingIn(plan: DumpPlan, from: number, to: number): string {
  for (const step of plan.steps.slice(from, to)) {
    const found = step.step === 'statement' && /^SET client_encoding = '([^']*)';$/.exec(step.text)
    if (found && found[1] !== undefined) return found[1]
  }
  return 'UTF8'
}

/** First what is fast and knows all letters; where that locale is not there, the server's own. */
function optionsFor(encoding: string): string[] {
  if (encodingOf(encoding).kind === 'bytes') {
    const bytes = `ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`
    // only since 15 there are other providers to choose from
    return [`${bytes} LOCALE_PROVIDER libc`, bytes]
  }
  const utf8 = `ENCODING ${quoteText('UTF8')}`
  return [`${utf8} LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`, utf8, `${utf8} LC_COLLATE 'C' LC_CTYPE 'C'`]
}
