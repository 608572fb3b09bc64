import type { Copy, CopyTable } from '#shared/copy.ts'
import { toFailure, type Failure } from '#shared/failure.ts'
import { highestRung, type Proof } from '#shared/proof.ts'
import type { SandboxChoice } from '#shared/sandbox.ts'
import type { Verification, VerifyFinding } from '#shared/verification.ts'
import type { JobTools } from '#engine/jobs/run.ts'
import type { Sandbox, SandboxWish } from '#engine/sandbox/sandbox.ts'
import { readForLoading, type ReadDump } from './read-for-loading.ts'
import { proveInSandbox, type InSandbox } from './in-sandbox.ts'
import { withLoadable } from './unpack-archive.ts'
import { lookAhead, majorOf, type Ahead } from './look-ahead.ts'
import { readerFinding, worst } from './outcome.ts'
import type { Live } from './live.ts'
import { engineLine, evidenceLines, readLine } from './log.ts'

export type Verify = {
  file: string
  /** null: a file that is no copy of ours */
  copy: Copy | null
  subject: string
  /** tables of the copy before it: what was full and is empty now deserves a warning */
  before: readonly CopyTable[] | null
  engine: SandboxChoice
  image: string | null
  /** leave the sandbox open until then; null: remove it at once */
  keepUntil: (() => Date) | null
  /** folder for what is written on the way, and for nothing else */
  scratchDir: string
  start(wish: SandboxWish, signal: AbortSignal, report: Pick<JobTools['report'], 'log'>): Promise<Sandbox>
  live: Live
  version: string
  now: () => Date
}

/**
 * Restores a dump in a sandbox and proves what it can: that it is the file that was stored, readable, restored, exact.
 * The sandbox starts while the file is read. A file that is damaged or refused is not loaded anywhere. What could not be
 * tried for want of a sandbox is *not checked*, with why: never damage, never proven.
 * @throws LifeboatFailure dump-refused, copy-missing, disk-failed; an abort when cancelled
 */
export async function verifyDump(verify: Verify, tools: JobTools): Promise<Verification> {
  const at = verify.now()
  const began = performance.now()
  const unwanted = new AbortController()
  const signal = AbortSignal.any([tools.signal, unwanted.signal])
  const starting = startSandbox(verify, tools, signal)
  // it is awaited below, or not at all
  starting.catch(() => {})
  let kept = false
  try {
    tools.report.step('read')
    const read = await readForLoading(verify, tools)
    verify.live.tables(read.report.tables)
    tools.report.log(readLine(read.report))
    if (read.outcome === 'damaged') return evidence(verify, tools, { at, began, ...nothingTried(read) })
    verify.live.step('sandbox')
    tools.report.step('sandbox')
    const tried = await tryInSandbox(verify, read, starting, tools)
    kept = tried.inside !== null && verify.keepUntil !== null
    return evidence(verify, tools, { at, began, ...tried })
  } finally {
    verify.live.end()
    unwanted.abort()
    const sandbox = await starting.catch(() => null)
    if (kept && verify.keepUntil !== null) sandbox?.keepUntil(verify.keepUntil())
    else await sandbox?.stop()
  }
}

async function startSandbox(verify: Verify, { jobId, report }: JobTools, signal: AbortSignal): Promise<Sandbox> {
  const { copy, file } = verify
  const { major, sqlBytes } = await expected(file, copy)
  const sandbox = await verify.start(
    {
      engine: verify.engine,
      image: verify.image,
      major,
      sqlBytes,
      jobId,
      copyId: copy?.id ?? null,
      subject: verify.subject,
    },
    signal,
    report,
  )
  verify.live.engine(sandbox.engine)
  report.log(engineLine(sandbox.engine))
  return sandbox
}

/** As the copy's manifest says, else as the begin of the file looks. */
async function expected(file: string, copy: Copy | null): Promise<Ahead> {
  if (copy === null) return lookAhead(file)
  const sqlBytes = copy.sqlBytes ?? (await lookAhead(file)).sqlBytes
  return { major: majorOf(copy.serverVersion), sqlBytes }
}

/** What came of it; an archive was read anew on the way. */
type Tried = { read: ReadDump; inside: InSandbox | null; troubles: readonly VerifyFinding[] }

const nothingTried = (read: ReadDump): Tried => ({ read, inside: null, troubles: [] })

/** Loads and proves. A sandbox that can not be had, or that goes away, says nothing about the copy. */
async function tryInSandbox(
  verify: Verify,
  read: ReadDump,
  starting: Promise<Sandbox>,
  tools: JobTools,
): Promise<Tried> {
  const given = new AbortController()
  const signal = AbortSignal.any([tools.signal, given.signal])
  try {
    const sandbox = await starting
    const own = { ...tools, signal }
    const proving = withLoadable(verify, read, sandbox, own, async (loadable) => {
      if (loadable.read.outcome === 'damaged') return nothingTried(loadable.read)
      const inside = await proveInSandbox({ ...verify, ...loadable, sandbox }, own)
      return { ...nothingTried(loadable.read), inside }
    })
    try {
      return await Promise.race([proving, sandbox.lost])
    } finally {
      // whoever lost the race ends before anything is torn down
      given.abort()
      await proving.catch(() => {})
    }
  } catch (error) {
    tools.signal.throwIfAborted()
    const failure = toFailure(error)
    switch (failure.kind) {
      case 'sandbox-missing':
      case 'sandbox-lost':
      case 'sandbox-full':
      case 'not-checkable':
        tools.report.log(failure.detail === undefined ? failure.message : `${failure.message} (${failure.detail})`)
        return { ...nothingTried(read), troubles: [troubleOf(failure, 'unchecked')] }
      case 'dump-damaged':
        return { ...nothingTried(unreadable(verify, read, failure)), troubles: [troubleOf(failure, 'damage')] }
      default:
        throw error
    }
  }
}

function troubleOf({ kind, message, remedy }: Failure, weight: VerifyFinding['class']): VerifyFinding {
  return { kind, class: weight, detail: message, remedy, table: null, line: null, byte: null }
}

/** An archive that pg_restore can not read to its end. */
function unreadable({ now, version }: Verify, read: ReadDump, { message }: Failure): ReadDump {
  const stored = read.proofs.filter(({ rung }) => rung === 'stored')
  const at = now().toISOString()
  const readable: Proof = {
    rung: 'readable',
    outcome: 'damaged',
    at,
    seconds: 0,
    engine: `Lifeboat ${version}, pg_restore`,
    detail: message,
  }
  return { ...read, outcome: 'damaged', proofs: [...stored, readable] }
}

type Shown = Tried & { at: Date; began: number }

/** The evidence, which the job's log tells as well. */
function evidence(verify: Verify, tools: JobTools, shown: Shown): Verification {
  const verification = evidenceOf(verify, tools, shown)
  for (const line of evidenceLines(verification)) tools.report.log(line)
  return verification
}

function evidenceOf(verify: Verify, { jobId }: JobTools, { at, began, read, inside, troubles }: Shown): Verification {
  verify.live.end()
  const untried = inside === null && read.outcome !== 'damaged' ? notTried(verify, troubles) : []
  const proofs = [...read.proofs, ...(inside?.proofs ?? untried)]
  return {
    jobId,
    copyId: verify.copy?.id ?? null,
    file: verify.file,
    at: at.toISOString(),
    outcome: worst(proofs.map((proof) => proof.outcome)),
    rung: highestRung(withFoundation(proofs)),
    engine: inside?.engine ?? null,
    seconds: (performance.now() - began) / 1000,
    steps: verify.live.steps(),
    tables: inside?.tables ?? read.report.tables.map(untouched),
    objects: inside?.objects ?? [],
    findings: [...read.report.findings.map(readerFinding), ...troubles, ...(inside?.findings ?? [])],
    proofs,
  }
}

function notTried({ now, version }: Verify, troubles: readonly VerifyFinding[]): Proof[] {
  const detail = troubles[0]?.detail ?? 'There was no sandbox to restore it in.'
  const common = { outcome: 'not-checked', at: now().toISOString(), seconds: 0, detail } as const
  return (['restored', 'exact'] as const).map((rung) => ({ ...common, rung, engine: `Lifeboat ${version}` }))
}

/** Of a file that nobody stored, nothing is asked about how it was stored. */
function withFoundation(proofs: readonly Proof[]): readonly Proof[] {
  const [first] = proofs
  if (first?.rung !== 'readable' || first.outcome !== 'proven') return proofs
  return [{ ...first, rung: 'stored', outcome: 'proven' }, ...proofs]
}

function untouched({ database, schema, name, rows }: CopyTable): Verification['tables'][number] {
  return {
    database,
    schema,
    name,
    dumpRows: rows,
    restoredRows: null,
    match: null,
    sourceRows: null,
    sourceMatch: null,
    note: null,
  }
}
