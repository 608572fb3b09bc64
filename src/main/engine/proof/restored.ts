import type { DumpPlan } from '#engine/dump/plan.ts'
import type { Sandbox } from '#engine/sandbox/sandbox.ts'
import type { ObjectCount, VerifyFinding } from '#shared/verification.ts'
import { actualObjects, readSequences, type ActualObjects } from './actual.ts'
import { compareObjects, type Difference } from './compare-objects.ts'
import { finding, shownName } from './findings.ts'
import { replay } from './replay.ts'
import { withSession } from './session.ts'
import type { Expectations, Expected } from './statements/expected.ts'
import { readExpectations } from './statements/read.ts'
import { majorOf } from './version.ts'

export type RestoredInput = {
  plan: DumpPlan
  /** the dump's databases, as they are called in the sandbox; the key '' is a dump of a single database */
  databases: ReadonlyMap<string, string>
  /** statements that PostgreSQL refused: what only says something about this sandbox is left out of the comparison */
  errors: readonly { stepIndex: number; class: 'explained' | 'unchecked' | 'damage' }[]
  sandbox: Sandbox
}

export type RestoredProof = { objects: ObjectCount[]; findings: VerifyFinding[] }

/**
 * Compares every object that the dump creates with the catalogue of the sandbox: it is there, usable, and defined as the
 * dump has it.
 * @throws LifeboatFailure sandbox-lost, sandbox-full; the signal's reason
 */
export async function proveRestored(input: RestoredInput, { signal }: { signal: AbortSignal }): Promise<RestoredProof> {
  const { plan, databases, errors, sandbox } = input
  const left = errors.filter((error) => error.class !== 'damage').map(({ stepIndex }) => stepIndex)
  const refused = new Set(errors.map(({ stepIndex }) => stepIndex))
  const counts = new Counts()
  const findings: VerifyFinding[] = []
  for (const [name, expect] of readExpectations(plan, new Set(left))) {
    const database = databases.get(name)
    const proof = { sandbox, database, refused, sameMajor: majorOf(plan.report.serverVersion) === sandbox.major }
    const shown = plan.report.cluster || name !== '' ? name : null
    if (database === undefined) {
      if (expect.objects.size === 0) continue
      findings.push(finding('damage', 'database-missing', `the database ${name} did not come back`))
      for (const object of [...expect.objects.values()].flat())
        counts.add(object.kind, { present: false, valid: false })
    } else findings.push(...(await proveObjects(expect, { ...proof, database, shown }, counts, signal)))
  }
  return { objects: counts.list(), findings }
}

type Proving = {
  sandbox: Sandbox
  database: string
  shown: string | null
  /** statements that were refused: what they would have made is missing, and that was said already */
  refused: ReadonlySet<number>
  sameMajor: boolean
}

async function proveObjects(
  expect: Expectations,
  proving: Proving,
  counts: Counts,
  signal: AbortSignal,
): Promise<VerifyFinding[]> {
  const { sandbox, database, refused } = proving
  const admin = { role: 'admin', database } as const
  const actual = await withSession(sandbox, admin, signal, async (ask) => {
    const objects = await actualObjects(ask, sandbox.major)
    await readSequences(ask, [...expect.objects.values()].flat(), objects)
    return objects
  })
  const { missing, invalid, different } = compareObjects(expect.objects.values(), actual)
  const { changed, unknown } = await reallyChanged(different, proving, signal)
  const gone = new Set(missing)
  const bad = new Set([...invalid, ...changed.map(({ expected }) => expected)])
  for (const object of [...expect.objects.values()].flat()) {
    counts.add(object.kind, { present: !gone.has(object), valid: !gone.has(object) && !bad.has(object) })
  }
  return [
    ...missing
      .filter(({ step }) => !refused.has(step))
      .map((one) => say(one, proving, 'object-missing', 'did not come back')),
    ...invalid.map((one) => say(one, proving, 'object-invalid', 'came back, but PostgreSQL calls it invalid')),
    ...byObject(changed).map(([object, what]) =>
      say(object, proving, 'object-changed', `came back with another ${what}`),
    ),
    ...byObject(unknown).map(([object, what]) => unsure(object, what, proving)),
    ...compareGrants(expect, actual, proving, counts),
    ...compareComments(expect, actual, counts),
  ]
}

/** Without what only looks different. `unknown`: nobody can say. */
async function reallyChanged(
  different: readonly Difference[],
  { sandbox, database, sameMajor }: Proving,
  signal: AbortSignal,
): Promise<{ changed: Difference[]; unknown: Difference[] }> {
  const changed: Difference[] = []
  const unknown: Difference[] = []
  // embedded, and before 17, a dump's event triggers are switched off: nothing else keeps them silent
  const counted = different.filter(
    ({ expected }) => expected.kind !== 'event trigger' || (sandbox.superuser && sandbox.major >= 17),
  )
  if (counted.length === 0) return { changed, unknown }
  await withSession(sandbox, { role: 'loader', database }, signal, async (ask) => {
    for (const difference of counted) {
      const tried = await replay(ask, difference, sandbox.major < 17 && sandbox.superuser)
      if (tried === 'different') changed.push(difference)
      else if (tried === 'failed') unknown.push(difference)
      else if (tried === 'none' && (difference.fact.stable || sameMajor)) changed.push(difference)
    }
  })
  return { changed, unknown }
}

/** One finding for each object, which names all that differs. */
function byObject(differences: readonly Difference[]): [Expected, string][] {
  const groups = Map.groupBy(differences, ({ expected }) => expected)
  return [...groups].map(([object, all]) => [
    object,
    all
      .map(({ what }) => what)
      .toSorted()
      .join(', '),
  ])
}

function unsure(object: Expected, what: string, { shown }: Proving): VerifyFinding {
  const name = `${object.kind} ${shownName(object.schema, object.name, shown)}`
  return finding('unchecked', 'object-not-compared', `the ${what} of ${name} could not be compared`, object.place)
}

function say(object: Expected, { shown }: Proving, kind: string, what: string): VerifyFinding {
  const name = `${object.kind} ${shownName(object.schema, object.name, shown)}`
  const of = object.of === null ? '' : ` of ${object.of}`
  const table = object.of ?? (object.kind === 'table' ? shownName(object.schema, object.name, shown) : null)
  return finding('damage', kind, `${name}${of} ${what}`, { table, ...object.place })
}

function compareGrants(expect: Expectations, actual: ActualObjects, { refused }: Proving, counts: Counts) {
  const findings: VerifyFinding[] = []
  for (const { key, shown, privileges, step, place } of expect.grants) {
    const has = actual.grants.get(key) ?? new Set()
    const lost = privileges.filter((one) => !has.has(one))
    counts.add('grant', { present: lost.length < privileges.length, valid: lost.length === 0 })
    if (lost.length === 0 || refused.has(step)) continue
    const detail = `the grant of ${lost.join(', ').replaceAll('*', ' with grant option')} on ${shown} did not come back`
    findings.push(finding('damage', 'grant-missing', detail, place))
  }
  return findings
}

/** Comments are counted, not compared: what they are about has many forms. */
function compareComments(expect: Expectations, actual: ActualObjects, counts: Counts): VerifyFinding[] {
  const expected = expect.comments.size
  const present = Math.min(expected, actual.comments)
  for (let i = 0; i < expected; i++) counts.add('comment', { present: i < present, valid: i < present })
  if (present === expected) return []
  return [finding('damage', 'comments-missing', `${expected - present} of ${expected} comments did not come back`)]
}

/** Objects of each kind: how many are expected, present and valid. */
class Counts {
  private readonly kinds = new Map<string, ObjectCount>()

  add(kind: string, { present, valid }: { present: boolean; valid: boolean }): void {
    const count = this.kinds.get(kind) ?? { kind, expected: 0, present: 0, valid: 0 }
    count.expected++
    if (present) count.present++
    if (valid) count.valid++
    this.kinds.set(kind, count)
  }

  list(): ObjectCount[] {
    return [...this.kinds.values()]
  }
}
