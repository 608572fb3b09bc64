import { fork } from 'node:child_process'
import type { EngineHost } from './engine-host.ts'
import { engineEnv, forwardLines, receive } from './process-output.ts'

export interface NodeHostOptions {
  /** absolute path of a Node ≥ 24 */
  node: string
  /** absolute path of the engine's bundle */
  entry: string
  env: Readonly<Record<string, string | undefined>>
}

/** The engine in a Node of its own: where Electron's Node is too old for it. */
export function nodeHost({ node, entry, env }: NodeHostOptions): EngineHost {
  return {
    kind: 'node',
    start(listeners) {
      const child = fork(entry, [], {
        execPath: node,
        execArgv: [],
        env: engineEnv(env),
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // Its own process group: Ctrl+C in the terminal is for the shell, which then ends the engine in order.
        detached: process.platform !== 'win32',
      })
      let over = false
      const end = (reason: string): void => {
        if (over) return
        over = true
        listeners.onExit(reason)
      }
      child.on('message', (message) => receive(message, listeners))
      child.on('error', (error) => end(`it could not be started: ${error.message}`))
      child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : `ended by ${signal}`))
      forwardLines(child.stdout, listeners.onOutput)
      forwardLines(child.stderr, listeners.onOutput)
      return {
        // The callback takes the error of a channel that has just closed; without it, it would be thrown.
        post: (message) => void (child.connected && child.send(message, () => undefined)),
        kill: () => void child.kill('SIGKILL'),
      }
    },
  }
}
