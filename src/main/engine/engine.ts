import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import type { DumpReport } from '#shared/dump-report.ts'
import type { Verification } from '#shared/verification.ts'
import type { Live } from './verification/live.ts'
import {
  engineCalls,
  type EngineCallName,
  type EngineEvent,
  type Input,
  type Output,
  type Parsed,
} from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import { openCatalogue, type Catalogue } from './catalogue/open.ts'
import { lookAtCopies } from './copies/integrity.ts'
import { interruptOrphans, recoverStore } from './copies/recover.ts'
import type { Context, Handlers } from './handlers/context.ts'
import { endInterrupted } from './handlers/backup.ts'
import { startedDemo } from './handlers/demo.ts'
import { allHandlers } from './handlers/index.ts'
import { collectLessOften } from './host/collector.ts'
import type { Keychain } from './host/keychain.ts'
import { createPrompts } from './jobs/prompts.ts'
import { createJobs } from './jobs/run.ts'
import { isAlive, ownProcess } from './disk/owner.ts'
import { clockAlarm, createRegistry } from './sandbox/registry.ts'
import { connectServer } from './servers/connect.ts'
import { openDatabase } from './servers/open-database.ts'
import { remoteOver } from './servers/remote.ts'
import { sweepSandboxes } from './sandbox/sweep.ts'
import { watchOthers } from './catalogue/watch.ts'
import type { Timeouts } from './ssh/target.ts'

export type EngineOptions = {
  dataDir: string
  /** folder of the copies while the settings name none; null: `copies` in dataDir */
  copiesDir: string | null
  version: string
  keychain: Keychain
  now: () => Date
  /** of SSH connections, where the usual ones do not fit */
  timeouts?: Partial<Timeouts>
  /** milliseconds between two looks for jobs of processes that died */
  orphansEveryMs?: number
}

export type Engine = {
  /** Answers one call of the contract. Throws a LifeboatFailure. */
  call<C extends EngineCallName>(name: C, input: Input<C>): Promise<Output<C>>
  /** the same for input that nobody has looked at yet */
  answer(name: EngineCallName, input: unknown): Promise<unknown>
  subscribe(listener: (event: EngineEvent) => void): () => void
  /** the computer slept: whatever was connected is to be looked at again */
  wake(): void
  /** Ends all jobs in order and closes the catalogue, also where something can not be ended: then throws that, at last. */
  stop(): Promise<void>
}

// spelled as a mapped type so that the compiler keeps name and input together
const inputs: { [C in EngineCallName]: { input: { safeParse(value: unknown): SafeParsed<Parsed<C>> } } } = engineCalls
type SafeParsed<T> =
  { success: true; data: T } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }

/** Builds and connects everything. What an earlier engine has left half done is cleared away before it answers. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  collectLessOften()
  const { dataDir, keychain, version, now } = options
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const listeners = new Set<(event: EngineEvent) => void>()
  const emit = (event: EngineEvent): void => listeners.forEach((listener) => listener(event))

  const { catalogue, rebuilt } = openCatalogue(dataDir, { now })
  const copiesDir = (): string => catalogue.settings.get().copiesDir ?? options.copiesDir ?? join(dataDir, 'copies')
  const recovered = await recoverStore({ catalogue, copiesDirs: [copiesDir()], isAlive, now })

  const prompts = createPrompts(emit, () => listeners.size > 0)
  const jobs = createJobs({
    shelf: {
      insert: (job) => catalogue.jobs.insert(job, ownProcess()),
      update: (job) => catalogue.jobs.put(job, ownProcess()),
      get: catalogue.jobs.get,
      appendLog: (id, line) => catalogue.jobs.appendLog(id, line.at, line.text),
      lastTook: catalogue.jobs.lastTook,
    },
    now,
    onJob: (job) => emit({ name: 'job', value: job }),
  })
  const changed: Context['changed'] = (...words) => emit({ name: 'changed', value: { words } })
  const sandboxes = createRegistry({ alarm: clockAlarm(now), onChange: () => changed('sandbox') })
  const context: Context = {
    catalogue,
    jobs,
    prompts,
    keychain,
    version,
    dataDir,
    rebuilt,
    copiesDir,
    now,
    emit,
    changed,
    connect: async (server, signal, log, asked = 'operator') =>
      connectServer(server.demo ? await startedDemo(context, server) : server, {
        servers: catalogue.servers.list(),
        pinsFor: (host, port) => catalogue.pins.forHost(host, port),
        addPin: (pin) => {
          catalogue.pins.add(pin)
          changed('pin')
        },
        settlePin: (...settled) => {
          catalogue.pins.settle(...settled)
          changed('pin')
        },
        ask: asked === 'operator' ? prompts.ask : nobodyAnswers,
        secrets: keychain,
        signal,
        log,
        now,
        ...(options.timeouts ? { timeouts: options.timeouts } : {}),
      }),
    openDatabase: (database) => (connection, signal) =>
      openDatabase(remoteOver(connection, signal), database, database.serverName, signal),
    lookAgain: backgroundLook(catalogue, () => changed('copy')),
    sandboxes,
    reports: new Map<string, DumpReport>(),
    scratchDir: join(dataDir, 'sandboxes'),
    verifications: { live: new Map<string, Live>(), results: new Map<string, Verification>() },
    ended: [sandboxes.stopAll],
  }
  const handlers = allHandlers(context)
  const patience = new AbortController()
  const ending = new AbortController()
  // nobody waits for it but the end, which goes on whatever came of it
  const inBackground = Promise.allSettled([
    endInterrupted(context, recovered.interrupted, patience.signal),
    sweepLeft(context, recovered.interrupted.length > 0, ending.signal, patience.signal),
  ])
  const orphansLook = setInterval(() => {
    try {
      const orphans = interruptOrphans(catalogue, isAlive, now)
      if (orphans.length === 0) return
      changed('job')
      void endInterrupted(context, orphans, patience.signal).catch(() => {})
    } catch {
      // a busy catalogue: the next look tells
    }
  }, options.orphansEveryMs ?? 30_000)
  orphansLook.unref()
  const unwatch = watchOthers(catalogue, () => changed('server', 'database', 'copy', 'job', 'pin', 'settings'))

  return {
    call: async (name, input) => dispatch(handlers, name, input),
    answer: async (name, input) => dispatch(handlers, name, input),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    wake: () => unwatch.now(),
    async stop() {
      clearInterval(orphansLook)
      ending.abort()
      await jobs.stop()
      const late = setTimeout(() => patience.abort(), longestFarewellMs)
      await inBackground
      clearTimeout(late)
      const troubles: unknown[] = []
      for (const end of context.ended) await end().catch((error: unknown) => troubles.push(error))
      unwatch.stop()
      catalogue.close()
      if (troubles.length > 0) throw troubles[0]
    },
  }
}

/**
 * Sandboxes of processes that died. Nothing waits for it, and nothing fails with it: the next start sweeps again. A start
 * that finds a job interrupted sweeps at once; else who only lists something and goes asks no Docker, which takes longer.
 * @param ending it is not begun any more; `signal` stops it
 */
async function sweepLeft(
  { scratchDir, now }: Context,
  atOnce: boolean,
  ending: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  const later = (): Promise<boolean> => passed(sweepAfterMs, true, { signal: ending, ref: false }).catch(() => false)
  if (atOnce || (await later())) await sweepSandboxes({ scratchDir, now, signal }).catch(() => 0)
}

const sweepAfterMs = 1000

const lookEveryMs = 20_000
/** How long the end of the engine waits for a server that is being tidied up; the next backup there does the rest. */
const longestFarewellMs = 5000

/** A look at all files takes a moment: lists are shown as they were, and shown again when a file has changed. */
function backgroundLook(catalogue: Catalogue, onChange: () => void): () => void {
  // the start has just looked
  let last = performance.now()
  return () => {
    if (performance.now() - last < lookEveryMs) return
    last = performance.now()
    lookAtCopies(catalogue).then(
      (changed) => changed.length > 0 && onChange(),
      // a busy catalogue: the next list looks again
      () => (last = -lookEveryMs),
    )
  }
}

/** Input is parsed here, once; handlers trust it. */
async function dispatch<C extends EngineCallName>(handlers: Handlers, name: C, input: unknown): Promise<Output<C>> {
  const parsed = inputs[name].input.safeParse(input)
  if (parsed.success) return handlers[name](parsed.data)
  const issues = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`)
  throw new LifeboatFailure('invalid-input', `This can not be taken: ${issues.join('; ')}`)
}

async function nobodyAnswers(): Promise<never> {
  throw new LifeboatFailure('answer-needed', 'This needs an answer, and it is done without asking.')
}
