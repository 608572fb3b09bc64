import type { ServerTest } from '#shared/contract.ts'
import { isAbort, LifeboatFailure, redact, remedies, toFailure } from '#shared/failure.ts'
import { checkNames, type Check, type CheckName, type Server } from '#shared/server.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { arrived, turnedBack } from './arrival.ts'
import { checksOver, type CheckStep, type Local } from './checks.ts'
import { failed, notChecked, type Verdict } from './facts.ts'

export type TestContext = {
  connect(): Promise<Connection>
  readonly local: Local
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly log: (line: string) => void
  /** told after each check, with everything so far */
  readonly onProgress: (test: ServerTest) => void
}

/**
 * The connection test: one check after the other, each proven, failed or not checked. After a failed login nothing else
 * can be checked, and says so; later checks fail one by one. Rejects only when it is cancelled or at a fault of our own,
 * and tells also then that it is over.
 */
export async function testServer(server: Server, context: TestContext): Promise<ServerTest> {
  const { now, signal, onProgress } = context
  let test: ServerTest = { serverId: server.id, at: now().toISOString(), running: true, checks: [], found: [] }
  let since = now().getTime()
  const tell = (name: CheckName, verdict: Verdict): void => {
    const until = now().getTime()
    const check: Check = {
      name,
      ...verdict,
      detail: redact(verdict.detail),
      seconds: Math.max(0, until - since) / 1000,
    }
    since = until
    test = { ...test, checks: [...test.checks, check] }
    context.log(`${name}: ${check.outcome}. ${check.detail}`)
    onProgress(test)
  }

  try {
    const connection = await arrive(server, context, tell)
    if (connection) {
      try {
        for (const { name, run } of checksOver(connection, server, context)) {
          const { verdict, found } = await guarded(name, run)
          signal.throwIfAborted()
          if (found) test = { ...test, found: [...found] }
          tell(name, verdict)
        }
      } finally {
        await connection.end()
      }
    }
  } finally {
    test = over(test)
    onProgress(test)
  }
  return test
}

/** A test that was cut short is over as well, and names what it did not come to. */
function over(test: ServerTest): ServerTest {
  const missing = checkNames.filter((name) => !test.checks.some((check) => check.name === name))
  const cutShort = (name: CheckName): Check => ({
    name,
    ...notChecked(name, {}, 'Not checked, because the test ended before it.'),
    seconds: 0,
  })
  return { ...test, running: false, checks: [...test.checks, ...missing.map(cutShort)] }
}

/** Connects, and tells the first three checks; when that fails, all the others too. */
async function arrive(
  server: Server,
  { connect, signal }: TestContext,
  tell: (name: CheckName, verdict: Verdict) => void,
): Promise<Connection | null> {
  try {
    const connection = await connect()
    const verdicts = arrived(connection)
    for (const name of ['reach', 'host-key', 'login'] as const) tell(name, verdicts[name])
    return connection
  } catch (error) {
    if (signal.aborted || isAbort(error) || !(error instanceof LifeboatFailure) || error.kind === 'cancelled')
      throw error
    const verdicts: Partial<Record<CheckName, Verdict>> = turnedBack(error, server)
    const why = verdicts.login ? 'the login did not succeed' : 'no connection was made'
    for (const name of checkNames) tell(name, verdicts[name] ?? notChecked(name, {}, `Not checked, because ${why}.`))
    return null
  }
}

type Outcome = Awaited<ReturnType<CheckStep['run']>>

/** A check that throws has failed; that it could not be done because the line broke is another thing. */
async function guarded(name: CheckName, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof LifeboatFailure) || error.kind === 'cancelled') throw error
    const failure = toFailure(error)
    if (error.kind === 'connection-lost')
      return { verdict: notChecked(name, {}, `Not checked: ${failure.message}`, failure.remedy) }
    return { verdict: failed(name, {}, failure.message, remedies[error.kind].remedy) }
  }
}
