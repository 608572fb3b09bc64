import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { isOver, type Job } from '#shared/job.ts'
import type { SandboxKind } from '#shared/sandbox.ts'
import type { Verification } from '#shared/verification.ts'
import { createEngine, type Engine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'

export type Verified = { job: Job; result: Verification | null }
export type Wish = {
  image?: string
  keep?: boolean
  /** is told each change of the job, so that a fault can strike in the middle */
  at?: (job: Job) => void
}

/** An engine that verifies files, for one file of tests. It goes with the file. */
export type Verifying = {
  readonly dir: string
  readonly engine: Engine
  verify(file: string, kind: SandboxKind, wish?: Wish): Promise<Verified>
  fileOf(name: string, content: Buffer | string): Promise<string>
}

export function verifying(): Verifying {
  let dir = ''
  let engine: Engine | undefined
  const running = (): Engine => {
    if (engine === undefined) throw new Error('the engine is started before the tests')
    return engine
  }
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lifeboat-verify-'))
    const now = (): Date => new Date()
    const options = { dataDir: join(dir, 'data'), copiesDir: null, version: '0.0.0', keychain: noKeychain, now }
    engine = await createEngine(options)
  })
  afterAll(async () => {
    await engine?.stop()
    await rm(dir, { recursive: true, force: true })
  })
  return {
    get dir() {
      return dir
    },
    get engine() {
      return running()
    },
    async verify(file, kind, { at = () => {}, ...wish } = {}) {
      const { jobId } = await running().call('verify.start', { target: { kind: 'file', file }, engine: kind, ...wish })
      const over = Promise.withResolvers<Job>()
      const unsubscribe = running().subscribe((event) => {
        if (event.name !== 'job' || event.value.id !== jobId) return
        if (isOver(event.value.state)) over.resolve(event.value)
        else at(event.value)
      })
      const now = await running().call('job.show', { id: jobId })
      const job = isOver(now.state) ? now : await over.promise
      unsubscribe()
      return { job, result: await running().call('verify.result', { jobId }) }
    },
    async fileOf(name, content) {
      await writeFile(join(dir, name), content)
      return join(dir, name)
    },
  }
}
