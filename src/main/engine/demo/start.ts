import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'
import { fingerprintSchema } from '#shared/server.ts'
import { isAlive } from '#engine/disk/owner.ts'
import { demoMark } from './facts.ts'
import type { DemoAddress } from './world.ts'

export type Demo = DemoAddress & { stop(): Promise<void> }

const addressSchema = z.object({
  host: z.string(),
  port: z.number(),
  user: z.string(),
  keyFile: z.string(),
  hostKey: fingerprintSchema,
})

/** From sources the worker is TypeScript, in the bundle it lies beside this file. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './demo-worker.ts' : './demo-worker.js', import.meta.url)

/**
 * Starts the demo server: a real SSH server on the loopback device before a real PostgreSQL. Making the
 * PostgreSQL's first cluster takes a slow computer ten seconds and more.
 * @param folder emptied and used when it is missing, empty or a demo server's; else refused
 */
export async function startDemo(folder: string, now: Date): Promise<Demo> {
  if (process.platform === 'win32') {
    throw new LifeboatFailure('not-checkable', 'The demo server needs a POSIX shell, which Windows does not have.')
  }
  requireOwn(folder)
  const worker = new Worker(workerUrl, { workerData: { folder, now: now.toISOString() } })
  const stopped = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  try {
    const address = await new Promise<DemoAddress>((resolve, reject) => {
      worker.once('message', (message: unknown) => resolve(addressSchema.parse(message)))
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`the demo server ended with code ${code}`)))
    })
    // an app that quits does not wait for the demo
    worker.unref()
    return {
      ...address,
      async stop() {
        worker.postMessage('stop')
        const late = setTimeout(() => void worker.terminate(), 2000)
        await stopped
        clearTimeout(late)
      },
    }
  } catch (cause) {
    await worker.terminate()
    throw new LifeboatFailure('bug', 'The demo server could not be started.', { cause })
  }
}

const ownerSchema = z.object({ pid: z.number().int(), startToken: z.string() })

/** Two demo servers in one folder would empty it for each other. */
function requireFree(mark: string): void {
  let owner: unknown
  try {
    owner = JSON.parse(readFileSync(mark, 'utf8'))
  } catch {
    return
  }
  const known = ownerSchema.safeParse(owner)
  if (!known.success || known.data.pid === process.pid || !isAlive(known.data)) return
  throw new LifeboatFailure('in-use', 'The demo server already runs in another Lifeboat with this data folder.')
}

/** Whatever has no mark of a demo server in it may be somebody's work. */
function requireOwn(folder: string): void {
  const names = existsSync(folder) ? readdirSync(folder) : []
  if (names.length === 0) return
  if (names.includes(demoMark)) return requireFree(join(folder, demoMark))
  throw new LifeboatFailure('folder-refused', `${folder} holds something else. The demo server would empty it.`)
}
