import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, vi } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import { remedies, type FailureKind } from '#shared/failure.ts'
import type { Job, JobState } from '#shared/job.ts'
import type { Outcome } from '#shared/proof.ts'
import { dumpBackends, dumpProcesses, sourceBackends, sourceProcesses, type Beside } from './server-side.ts'
import { isWhole, tablesAs, type Truth } from './truth.ts'
import type { Running, World } from './world.ts'

export type Expectation = {
  world: World
  job: Job
  /** copies that were there before the fault */
  older: readonly CopyRow[]
  /** how it may have ended; `done` only with copies that are proven whole */
  states: readonly JobState[]
  /** of a job that failed */
  kinds: readonly FailureKind[]
  truth: Truth
  /** a pull may lay aside what it has brought */
  mayResume?: boolean
  /** where the job's pg_dump ran; absent for a pull, which has none */
  beside?: Beside
  /** the dead line hides the server: its pg_dump is ended by the next backup */
  endedByRetry?: boolean
  /** does it again when the fault is over */
  retry?: (() => Promise<Running>) | undefined
  /** what the retry must come to */
  outcome?: Outcome
}

/**
 * What must be true after every fault: a clear end, nothing half anywhere, everything older as it was, and a second try
 * that succeeds. New copies are removed again, so that the next fault finds what this one found.
 */
export async function expectNothingBroken(expected: Expectation): Promise<void> {
  const { world, job, older, retry, beside } = expected
  expectClearEnd(expected)
  const made = await expectOnlyWholeCopies(expected, job)
  expectNoLeavings(world, [...older, ...made], expected.mayResume ?? false)
  if (beside && !expected.endedByRetry) await expectNoDump(beside, job.id)
  expectIntact(older)
  await removeAll(world, made)
  if (!retry) return
  const again = await (await retry()).ended
  expect(again, JSON.stringify(again.failure)).toMatchObject({ state: 'done', failure: null })
  expect(again.copyIds.length + made.length).toBeGreaterThan(0)
  const copies = await expectOnlyWholeCopies(expected, again)
  expectNoLeavings(world, [...older, ...copies], false)
  if (beside) for (const id of [job.id, again.id]) await expectNoDump(beside, id)
  expectIntact(older)
  await removeAll(world, copies)
}

function expectClearEnd({ job, states, kinds }: Expectation): void {
  const told = JSON.stringify(job)
  expect(states, told).toContain(job.state)
  if (job.state !== 'failed') return expect(job.failure, told).toBeNull()
  expect(kinds, told).toContain(job.failure?.kind)
  const kind = job.failure?.kind ?? 'bug'
  expect(job.failure, told).toMatchObject(remedies[kind])
  expect(job.failure?.message, told).toMatch(/^.{10,}\.$/s)
}

/** The catalogue holds the older copies and what this job has brought, each of them whole. */
async function expectOnlyWholeCopies(expected: Expectation, job: Job): Promise<CopyRow[]> {
  const { world, older, truth, outcome = 'proven' } = expected
  const now = await world.copies()
  const made = now.filter(({ id }) => !older.some((each) => each.id === id))
  expect(made.map(({ id }) => id).sort()).toEqual([...job.copyIds].sort())
  for (const row of made) {
    expect(row.face, JSON.stringify(row.proofs)).toBe(outcome)
    if (outcome === 'proven') expect(isWhole(tablesAs((await world.copy(row.id)).tables), truth)).toBe(true)
  }
  expectIntact(made)
  expect(now.filter(({ id }) => older.some((each) => each.id === id))).toHaveLength(older.length)
  if (job.state === 'done') expect(job.outcome).toBe(made.length > 0 ? outcome : null)
  return made
}

function expectIntact(rows: readonly CopyRow[]): void {
  for (const row of rows) {
    expect(createHash('sha256').update(readFileSync(row.file)).digest('hex'), row.file).toBe(row.sha256)
  }
}

/** Every file below the folder of the copies is one that a person expects there. */
export function expectNoLeavings(world: World, copies: readonly CopyRow[], mayResume: boolean): void {
  if (!existsSync(world.copiesDir)) return
  const names = readdirSync(world.copiesDir, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  const own = new Set(copies.flatMap(({ file }) => [file, file.replace(/\.sql(\.\w+)?$/, '.manifest.json')]))
  const strangers = names.filter((name) => {
    if (own.has(name) || ['READ-ME-FIRST.txt', 'SHA256SUMS'].includes(basename(name))) return false
    return !(mayResume && name.startsWith(join(world.copiesDir, '.resume')))
  })
  expect(strangers).toEqual([])
}

export async function expectNoDump(beside: Beside, jobId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      expect([...dumpProcesses(jobId), ...sourceProcesses(jobId)]).toEqual([])
      expect([...(await dumpBackends(beside, jobId)), ...(await sourceBackends(beside, jobId))]).toEqual([])
    },
    { timeout: 60_000, interval: 50 },
  )
}

/** The dump itself is gone; what carried its bytes may wait for a line that nobody has closed. */
export async function expectDumpEnded(beside: Beside, jobId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const left = [...dumpProcesses(jobId), ...sourceProcesses(jobId)]
      expect(left.filter(({ command }) => !/docker exec/.test(command))).toEqual([])
      expect([...(await dumpBackends(beside, jobId)), ...(await sourceBackends(beside, jobId))]).toEqual([])
    },
    { timeout: 60_000, interval: 50 },
  )
}

async function removeAll(world: World, copies: readonly CopyRow[]): Promise<void> {
  for (const { id } of copies) await world.engine.call('copy.remove', { id })
}
