import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EngineEvent } from '#shared/contract.ts'
import type { Copy, CopyRow } from '#shared/copy.ts'
import type { NewDatabase } from '#shared/database.ts'
import { isOver, type Job } from '#shared/job.ts'
import { createEngine, type Engine, type EngineOptions } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { rig, rigDatabase } from '../../rig/machine/rig.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'

/** The patience of an engine in these tests: a dead line costs some seconds, and a busy machine is not taken for one. */
export const impatient = { connect: 20_000, keepAlive: 1000, dead: 8000, stall: 12_000 }

export type Address = { host: string; port: number }

export type Running = {
  readonly id: string
  /** the job's row when it is over */
  readonly ended: Promise<Job>
  /** resolves at the first event about the job for which this is true; rejects when the job ends before */
  reached(what: (job: Job) => boolean): Promise<Job>
}

/** A laptop with one server behind a bad line. */
export type World = {
  readonly dataDir: string
  readonly copiesDir: string
  readonly proxy: TcpProxy
  /** where the line leads to; may be changed between two connections */
  readonly upstream: Address
  readonly engine: Engine
  /** ends the engine as the app does */
  stop(): Promise<void>
  /** begins another one on the same data */
  start(options?: Partial<EngineOptions>): Promise<void>
  addDatabase(database: Omit<NewDatabase, 'server'>): Promise<string>
  backup(databaseId: string): Promise<Running>
  pull(databaseId: string, names?: string[] | 'all' | 'newest'): Promise<Running>
  copies(): Promise<CopyRow[]>
  copy(id: string): Promise<Copy>
}

export type WorldOptions = Partial<EngineOptions> & {
  /** no host key is given in advance: the operator is asked, and says yes once */
  asksForHostKey?: boolean
}

/** Everything of it is gone when the test ends. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { asksForHostKey = false, ...rest } = options
  const dataDir = await mkdtemp(join(tmpdir(), 'lifeboat-faults-'))
  const { ssh, users, keys } = rig()
  const upstream: Address = { host: ssh.host, port: ssh.port }
  const proxy = await startTcpProxy(upstream)
  const open = (change: Partial<EngineOptions> = {}): Promise<Engine> => {
    const usual = { dataDir, copiesDir: null, version: '0.0.0', keychain: noKeychain, now: () => new Date() }
    return createEngine({ ...usual, timeouts: impatient, ...rest, ...change })
  }
  let engine = await open()
  let stopped = false
  const stop = async (): Promise<void> => {
    if (!stopped) await engine.stop()
    stopped = true
  }
  onTestFinished(async () => {
    await stop()
    await proxy.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  if (asksForHostKey) {
    engine.subscribe((event) => {
      if (event.name !== 'prompt') return
      const { id } = event.value
      void engine.call('prompt.answer', { id, answer: { kind: 'host-key', accept: true } })
    })
  }
  const server = await engine.call('server.add', {
    name: 'shop',
    host: proxy.host,
    port: proxy.port,
    user: users.operator.name,
    auth: { kind: 'key', file: keys.ed25519.path },
    hostKey: asksForHostKey ? null : (ssh.hostKeys[0]?.fingerprint ?? null),
  })
  return {
    dataDir,
    copiesDir: join(dataDir, 'copies'),
    proxy,
    upstream,
    get engine() {
      return engine
    },
    stop,
    async start(change) {
      engine = await open(change)
      stopped = false
    },
    addDatabase: async (database) => (await engine.call('database.add', { server: server.id, ...database })).id,
    backup: (databaseId) => running(engine, () => engine.call('backup.start', { databaseId })),
    pull: (databaseId, names = 'newest') => {
      const which = typeof names === 'string' ? { kind: names } : { kind: 'named' as const, names }
      return running(engine, () => engine.call('pull.start', { databaseId, which }))
    },
    copies: async () => (await engine.call('copy.list', {})).copies,
    copy: (id) => engine.call('copy.show', { id }),
  }
}

/** Starts a job and listens from its first event on. */
async function running(engine: Engine, start: () => Promise<{ jobId: string }>): Promise<Running> {
  const seen: Job[] = []
  const waiting: ((job: Job) => void)[] = []
  const hear = (event: EngineEvent): void => {
    if (event.name !== 'job') return
    seen.push(event.value)
    for (const tell of waiting) tell(event.value)
  }
  const stop = engine.subscribe(hear)
  const { jobId } = await start()
  const reached = async (what: (job: Job) => boolean): Promise<Job> => {
    const found = Promise.withResolvers<Job>()
    const tell = (job: Job): void => {
      if (job.id !== jobId) return
      if (what(job)) found.resolve(job)
      else if (isOver(job.state)) found.reject(new Error(`the job ended too early: ${JSON.stringify(job)}`))
    }
    for (const job of seen) tell(job)
    waiting.push(tell)
    return found.promise
  }
  const ended = reached((job) => isOver(job.state)).finally(stop)
  return { id: jobId, ended, reached }
}

/** Where the rig's database with this label lives. */
export function databaseOf(label: string, change: Partial<NewDatabase> = {}): Omit<NewDatabase, 'server'> {
  const { place, dbname, user, backups } = rigDatabase(label)
  if (place.kind === 'host') throw new Error(`${label} runs in no container`)
  const where =
    place.kind === 'compose' ? { kind: place.kind, dir: place.dir, file: place.file, service: place.service } : place
  return { label, place: where, dbname, dbuser: user, backups, ...change }
}
