import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fromEngineSchema } from '#shared/wire.ts'
import type { EngineListeners } from './engine-host.ts'

/** Gives each line of a process's output on, and so keeps its pipe from filling up. */
export function forwardLines(stream: NodeJS.ReadableStream | Readable | null, onLine: (line: string) => void): void {
  if (stream === null) return
  createInterface({ input: stream }).on('line', onLine)
}

/** Checks what came out of the engine's process before anybody believes it. */
export function receive(message: unknown, listeners: EngineListeners): void {
  const read = fromEngineSchema.safeParse(message)
  if (read.success) listeners.onMessage(read.data)
  else listeners.onOutput('sent a message that is none of the wire')
}

/** The engine's environment: the shell's own, without what would make its Node behave as another program. */
export function engineEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(ELECTRON_|NODE_OPTIONS$)/.test(entry[0]),
  )
  return Object.fromEntries(kept)
}
