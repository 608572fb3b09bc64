import { fork } from 'node:child_process'
import { once } from 'node:events'
import { z } from 'zod'

/** From sources the program is TypeScript, in the bundle it lies beside this file. */
const program = new URL(
  import.meta.url.endsWith('.ts') ? './databases-process.ts' : './demo-databases.js',
  import.meta.url,
)

/**
 * Starts the demo server's databases, its old backups and its programs (`bin` is their folder) in a process of their own:
 * the SSH server starts a shell for each command, and to a process that holds two PostgreSQL in WebAssembly each of these
 * starts costs half a second. It ends when `stop` says so, and when this process is gone.
 */
export async function startDatabases(folder: string, now: Date): Promise<{ bin: string; stop(): Promise<void> }> {
  const child = fork(program, [], {
    execArgv: [],
    // Electron's own program is a Node then
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const gone = once(child, 'exit')
  child.send({ folder, now: now.toISOString() })
  const ready = once(child, 'message').then(([message]) => z.object({ bin: z.string() }).parse(message))
  const early = gone.then(([code]) => {
    throw new Error(`the demo server's databases ended with code ${code}`)
  })
  early.catch(() => {})
  const { bin } = await Promise.race([ready, early])
  return {
    bin,
    async stop() {
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
