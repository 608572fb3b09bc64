import type { DumpPlan } from '../dump/plan.ts'
import type { Segment } from './databases.ts'
import { runInOrder, statementsOf, type Numbered } from './in-order.ts'
import { addForeignKeys, bytesOf, earlyBuilds, locksOf, type Build } from './keys.ts'
import { feedData, keyOf } from './load.ts'
import { heavyWork } from './names.ts'
import type { Progress } from './progress.ts'
import { refusalOf, type Refusals } from './refusals.ts'
import type { Restored } from './restored.ts'
import { isAboutEventTriggers, type Rules } from './rules.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Slices } from './slices.ts'
import { WorkQueue } from './work-queue.ts'

/** So little data is loaded before a second session has begun. */
const FEW_BYTES = 4 * 1024 * 1024

/** What it takes to load one database of a dump. */
export type DatabaseLoad = {
  plan: DumpPlan
  segment: Segment
  slices: Slices
  sessions: Sessions
  connect: () => Promise<Session>
  /** how many sessions load data and build indexes */
  count: number
  rules: Rules
  refusals: Refusals
  progress: Progress
  /** turns off what would fire while others work in the database */
  silence: () => Promise<void>
  /** added to */
  seconds: Restored['seconds']
}

/** Loads one database: what stands before the data, the data with indexes and keys, what stands behind it. */
export async function loadDatabase(load: DatabaseLoad): Promise<void> {
  const { plan, segment, connect, rules, refusals, progress, seconds } = load
  const { first, last } = dataIn(plan, segment)
  const main = await connect()
  await main.run(rules.settings.replay())
  let began = performance.now()
  const lap = (phase: keyof Restored['seconds']) => {
    seconds[phase] += (performance.now() - began) / 1000
    began = performance.now()
  }
  const all = (from: number, to: number) =>
    statementsOf(plan, from, to).filter(({ step }) => !isAboutEventTriggers(step))
  progress.enter('schema')
  await runInOrder(main, all(segment.from, first), rules, refusals)
  lap('schema')
  const crew = await openCrew(load)
  progress.enter('load')
  const behind = all(last, segment.to)
  const built = await loadData(load, crew, main, { first, last, behind })
  lap('load')
  progress.enter('keys')
  await finishKeys(
    load,
    crew,
    main,
    behind.filter(({ index }) => !built.has(index)),
  )
  const eventTriggers = statementsOf(plan, segment.from, segment.to).filter(({ step }) => isAboutEventTriggers(step))
  await runInOrder(main, eventTriggers, rules, refusals)
  if (eventTriggers.length > 0) await load.silence()
  await rules.finish()
  lap('keys')
  await Promise.all([main, ...crew].map((session) => load.sessions.end(session)))
}

/** The steps [first, last) between the first data and the last. */
function dataIn(plan: DumpPlan, { from, to }: Segment): { first: number; last: number } {
  let first = to
  let last = to
  for (let index = from; index < to; index++) {
    if (plan.steps[index]?.step === 'statement') continue
    if (first === to) first = index
    last = index + 1
  }
  return { first, last }
}

async function openCrew({ plan, segment, connect, count, rules }: DatabaseLoad): Promise<Session[]> {
  const data = plan.steps.slice(segment.from, segment.to).filter((step) => step.step !== 'statement')
  const bytes = data.reduce((sum, { from, to }) => sum + to - from, 0)
  const wanted = data.length === 0 ? 0 : bytes < FEW_BYTES ? 1 : count
  const crew = await Promise.all(Array.from({ length: wanted }, connect))
  await Promise.all(crew.map((session) => session.run(rules.settings.replay())))
  return crew
}

type Middle = { first: number; last: number; behind: readonly Numbered[] }

/** Loads all rows, and builds what waits for nothing else. Returns the steps that were done already. */
async function loadData(
  load: DatabaseLoad,
  crew: readonly Session[],
  main: Session,
  { first, last, behind }: Middle,
): Promise<Set<number>> {
  const { plan, segment, slices, rules, refusals, progress } = load
  const queue = new WorkQueue()
  const built = new Set<number>()
  const builds = Map.groupBy(earlyBuilds(behind, tablesIn(plan, first, last)), ({ work }) => work.table)
  for (const [table, all] of builds) for (const _ of all) progress.wanted(segment.database, table)
  const onTableLoaded = (table: string) => {
    for (const build of builds.get(table) ?? []) {
      const done = () => {
        built.add(build.index)
        progress.built(segment.database, table)
      }
      queue.build({ run: (session) => buildEarly(session, build, done), ...locksOf(build.work) })
    }
  }
  const endRange = slices.ranges.findLastIndex(({ step }) => step < segment.to) + 1
  const feeding = feedData({ plan, segment, slices, queue, refusals, progress, onTableLoaded }, endRange).then(
    () => queue.close(),
    (error: unknown) => {
      queue.giveUp()
      throw error
    },
  )
  const inBetween = statementsOf(plan, first, last).filter(({ step }) => !isAboutEventTriggers(step))
  const between = runInOrder(main, inBetween, rules, refusals)
  const ends = await Promise.allSettled([queue.run(crew), feeding, between])
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return built
}

function tablesIn(plan: DumpPlan, first: number, last: number): Set<string> {
  const tables = plan.steps.slice(first, last).map(keyOf)
  return new Set(tables.filter((table) => table !== null))
}

/** What fails here is tried once more at its own place, where everything that it may need is there. */
async function buildEarly(session: Session, build: Build, done: () => void): Promise<void> {
  try {
    await session.run(bytesOf(build))
    done()
  } catch (error) {
    refusalOf(error)
  }
}

/** The statements behind the data, in order; foreign keys that stand together go over several sessions. */
async function finishKeys(
  { rules, refusals }: DatabaseLoad,
  crew: readonly Session[],
  main: Session,
  statements: readonly Numbered[],
): Promise<void> {
  for (let at = 0; at < statements.length;) {
    const keys: Build[] = []
    while (true) {
      const next = statements[at]
      const work = next && heavyWork(next.step.kind, next.step.text)
      if (!next || work?.work !== 'foreign key') break
      keys.push({ ...next, work })
      at++
    }
    await addForeignKeys([main, ...crew], keys, refusals)
    const from = at
    while (at < statements.length && !isForeignKey(statements[at])) at++
    await runInOrder(main, statements.slice(from, at), rules, refusals)
  }
}

function isForeignKey(statement: Numbered | undefined): boolean {
  return statement !== undefined && heavyWork(statement.step.kind, statement.step.text)?.work === 'foreign key'
}
