import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { findProgram } from '#engine/disk/programs.ts'
import { LifeboatFailure } from '#shared/failure.ts'

/** The docker CLI of this computer, by its absolute path: it knows contexts, DOCKER_HOST and its own login. */
export type DockerCli = {
  readonly path: string
  /** Runs one command to its end. Throws only for an abort, or when the CLI itself can't be started. */
  run(argv: readonly string[], options?: RunOptions): Promise<Answer>
  /** Starts one that goes on, with three pipes. */
  start(argv: readonly string[]): ChildProcessWithoutNullStreams
}
export type RunOptions = { signal?: AbortSignal; limitMs?: number; onLine?: (line: string) => void }
export type Answer = { code: number; stdout: string; stderr: string }

/** A daemon that hangs answers nothing at all. */
const usualLimitMs = 30_000
const tailBytes = 64 * 1024

/** Docker, or Podman, which understands the same words; null where neither is installed. */
export async function findDocker(): Promise<DockerCli | null> {
  const path = (await findProgram('docker')) ?? (await findProgram('podman'))
  if (path === null) return null
  const start = (argv: readonly string[]): ChildProcessWithoutNullStreams =>
    spawn(path, argv, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
  return { path, start, run: async (argv, options = {}) => runToEnd(start(argv), options) }
}

async function runToEnd(child: ChildProcessWithoutNullStreams, options: RunOptions): Promise<Answer> {
  const { signal, limitMs = usualLimitMs, onLine } = options
  let late = false
  const kill = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(() => {
    late = true
    kill()
  }, limitMs)
  signal?.addEventListener('abort', kill, { once: true })
  try {
    if (signal?.aborted) kill()
    child.stdin.on('error', () => {})
    child.stdin.end()
    const stdout = tailOf(child.stdout, onLine)
    const stderr = tailOf(child.stderr, onLine)
    const code = await codeOf(child)
    signal?.throwIfAborted()
    return { code, stdout: stdout(), stderr: late ? `no answer within ${limitMs / 1000} s` : stderr() }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', kill)
  }
}

/** Resolves with the exit code, 255 when it was killed; rejects when it never started. */
export async function codeOf(child: ChildProcessWithoutNullStreams): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => resolve(code ?? 255))
    child.once('error', (cause) =>
      reject(new LifeboatFailure('sandbox-missing', 'The docker command can not be started.', { cause })),
    )
  })
}

/** Reads a stream to its end and keeps the last of it. */
export function tailOf(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): () => string {
  let text = ''
  let line = ''
  stream.setEncoding('utf8')
  stream.on('data', (piece: string) => {
    text = (text + piece).slice(-tailBytes)
    if (onLine === undefined) return
    const lines = (line + piece).split(/[\r\n]/)
    line = (lines.pop() ?? '').slice(-tailBytes)
    lines.forEach(onLine)
  })
  stream.on('error', () => {})
  return () => text.trim()
}
