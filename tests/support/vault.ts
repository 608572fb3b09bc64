import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { EngineEvent, Input } from '#shared/contract.ts'
import type { Job } from '#shared/job.ts'
import type { Prompt } from '#shared/prompt.ts'
import { isOver } from '#shared/job.ts'
import type { VaultResult } from '#shared/vault.ts'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain, type Keychain } from '#engine/host/keychain.ts'
import { noon, scratch } from './copies.ts'

/** A keychain as a desktop has it, with what it holds in the open. */
export function memoryKeychain(status: 'available' | 'basic_text' | 'absent' = 'available') {
  const held = new Map<string, string>()
  const keychain: Keychain = {
    status: async () => status,
    get: async (reference) => held.get(reference) ?? null,
    set: async (reference, secret) => void held.set(reference, secret),
    delete: async (reference) => void held.delete(reference),
    list: async () => [...held.keys()],
  }
  return { keychain, held }
}

type Options = {
  dataDir?: string
  keychain?: Keychain
  now?: () => Date
  /** what the operator types, one after the other, the last one again and again; null declines */
  types?: (string | null)[]
  remember?: boolean
  /** `file`: whoever asked for it stops it */
  endsWith?: 'test' | 'file'
}

type Closing = Input<'vault.seal'>['with']

export type VaultWorld = {
  readonly dataDir: string
  readonly databaseId: string
  readonly engine: Engine
  readonly events: EngineEvent[]
  readonly prompts: Prompt[]
  /** Waits for the job and gives what it came to. Throws its failure. */
  result(job: { jobId: string }): Promise<VaultResult>
  /** Seals files of this computer and gives the seal's id. */
  seal(files: string[], how?: Closing): Promise<string>
  job(id: string): Promise<Job>
}

/** An engine with one database in its list, and somebody who answers its questions. */
export async function vaultWorld(options: Options = {}): Promise<VaultWorld> {
  const dataDir = options.dataDir ?? scratch()
  const { keychain = noKeychain, now = noon, types = ['correct horse'], remember = false } = options
  const engine = await createEngine({ dataDir, copiesDir: null, version: 't', keychain, now })
  if (options.endsWith !== 'file') onTestFinished(() => engine.stop())
  const events: EngineEvent[] = []
  const prompts: Prompt[] = []
  engine.subscribe((event) => {
    events.push(event)
    if (event.name !== 'prompt' || event.value.kind !== 'secret') return
    const typed = types[Math.min(prompts.length, types.length - 1)] ?? null
    prompts.push(event.value)
    const answers = typed === null ? null : event.value.questions.map(() => typed)
    void engine.call('prompt.answer', { id: event.value.id, answer: { kind: 'secret', answers, remember } })
  })
  const databaseId = await databaseIn(engine)
  const result = async ({ jobId }: { jobId: string }): Promise<VaultResult> => {
    const job = await ended(engine, jobId)
    if (job.failure) throw Object.assign(new Error(job.failure.message), job.failure)
    const value = await engine.call('vault.result', { jobId })
    if (value === null) throw new Error(`${job.state} without a result`)
    return value
  }
  return {
    dataDir,
    databaseId,
    engine,
    events,
    prompts,
    result,
    job: (id) => ended(engine, id),
    async seal(files, closing) {
      const how = { databaseId, files, local: true, with: closing ?? { kind: 'as-before' as const } }
      const made = await result(await engine.call('vault.seal', how))
      if (made.kind !== 'sealed') throw new Error(made.kind)
      return made.sealId
    },
  }
}

async function databaseIn(engine: Engine): Promise<string> {
  const known = (await engine.call('database.list', {}))[0]
  if (known) return known.id
  const server = await engine.call('server.add', { name: 'shop', host: '127.0.0.1', port: 1 })
  const place = { kind: 'host' as const }
  return (await engine.call('database.add', { server: server.id, label: 'prod', place, dbname: 'd', dbuser: 'u' })).id
}

async function ended(engine: Engine, id: string): Promise<Job> {
  const over = Promise.withResolvers<Job>()
  const stop = engine.subscribe((event) => {
    if (event.name === 'job' && event.value.id === id && isOver(event.value.state)) over.resolve(event.value)
  })
  const now = await engine.call('job.show', { id })
  const job = isOver(now.state) ? now : await over.promise
  stop()
  return job
}

/** `.env` files in a folder of their own; gives their absolute paths. */
export function envFiles(texts: Record<string, string>, dir = join(scratch(), 'app')): string[] {
  mkdirSync(dir, { recursive: true })
  return Object.entries(texts).map(([name, text]) => {
    const path = join(dir, name)
    writeFileSync(path, text, { mode: 0o640 })
    return path
  })
}

/** Every plain file below a folder. */
export function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}
