import { LifeboatFailure } from '#shared/failure.ts'
import type { RemoteCommand } from './command.ts'
import type { RunOptions, StreamOptions } from './connection.ts'
import type { RemoteExit, RemoteStream } from './remote-stream.ts'
import { watchSilence } from './silence.ts'
import type { SshTarget } from './target.ts'

export type RunResult = RemoteExit & { readonly stdout: string }

type Command = readonly string[] | RemoteCommand
type Start = (command: Command, options: StreamOptions) => Promise<RemoteStream>

/** Runs a command to its end and holds its whole output, within limits of size and time. */
export async function collect(
  target: SshTarget,
  command: Command,
  options: RunOptions,
  start: Start,
): Promise<RunResult> {
  const { maxBytes = 4 * 1024 * 1024, timeoutMs = 60_000, input } = options
  const program = ('script' in command ? command.program : command[0]) ?? ''
  const limit = new AbortController()
  const watch = watchSilence(timeoutMs, () => limit.abort(tooLong(target, program, timeoutMs)))
  const signal = AbortSignal.any([options.signal, limit.signal])
  try {
    const running = await start(command, { signal, stallMs: Infinity, ...(input === undefined ? {} : { input }) })
    const chunks: Buffer[] = []
    let bytes = 0
    const output: AsyncIterable<Buffer> = running.stdout
    for await (const chunk of output) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > maxBytes) throw tooMuch(target, program, maxBytes)
    }
    return { ...(await running.done), stdout: Buffer.concat(chunks).toString('utf8') }
  } finally {
    watch.stop()
  }
}

function tooLong(target: SshTarget, program: string, timeoutMs: number): LifeboatFailure {
  return new LifeboatFailure(
    'stalled',
    `${program} on ${target.label} did not end within ${Math.round(timeoutMs / 1000)} s.`,
  )
}

function tooMuch(target: SshTarget, program: string, maxBytes: number): LifeboatFailure {
  return new LifeboatFailure('remote-command', `${program} on ${target.label} printed more than ${maxBytes} bytes.`)
}
