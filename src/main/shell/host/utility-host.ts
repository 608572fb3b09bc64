import { utilityProcess } from 'electron'
import type { EngineHost } from './engine-host.ts'
import { engineEnv, forwardLines, receive } from './process-output.ts'

export interface UtilityHostOptions {
  /** absolute path of the engine's bundle */
  entry: string
  env: Readonly<Record<string, string | undefined>>
}

/** The engine in a process that Electron itself runs and ends with the app. Only after the app is ready. */
export function utilityHost({ entry, env }: UtilityHostOptions): EngineHost {
  return {
    kind: 'utility',
    start(listeners) {
      const child = utilityProcess.fork(entry, [], {
        serviceName: 'Lifeboat engine',
        stdio: 'pipe',
        env: engineEnv(env),
      })
      child.on('message', (message: unknown) => receive(message, listeners))
      child.on('error', (type) => listeners.onOutput(`fatal: ${type}`))
      child.once('exit', (code) => listeners.onExit(`exit code ${code}`))
      forwardLines(child.stdout, listeners.onOutput)
      forwardLines(child.stderr, listeners.onOutput)
      return {
        post: (message) => child.postMessage(message),
        kill: () => {
          // utilityProcess.kill() asks with SIGTERM, which a stuck engine would not hear.
          if (child.pid === undefined) child.kill()
          else process.kill(child.pid, 'SIGKILL')
        },
      }
    },
  }
}
