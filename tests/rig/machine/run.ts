import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

export interface RunOptions {
  /** Bytes or text for the command's standard input. */
  input?: string | Readable
  cwd?: string
  env?: Record<string, string>
  /** Exit codes that are not a failure; 0 always is fine. */
  accept?: number[]
  /** Milliseconds after which it is killed, which is a failure. */
  timeout?: number
}

export interface RunResult {
  code: number
  stdout: string
  stderr: string
}

/** Runs a command to its end. Throws, with the tail of its error stream, unless the exit code is accepted. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeout,
    killSignal: 'SIGKILL',
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  // A command that ends before it has read all of its input breaks the pipe; its exit code tells the story.
  child.stdin.on('error', () => undefined)
  if (typeof options.input === 'object') options.input.pipe(child.stdin)
  else child.stdin.end(options.input ?? '')

  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve(status ?? (signal === null ? 1 : 128)))
  })
  const result = { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
  if (code !== 0 && !(options.accept ?? []).includes(code)) {
    const tail = (result.stderr || result.stdout).trim().split('\n').slice(-15).join('\n')
    throw new Error(`${command} ${args.slice(0, 6).join(' ')} … exited ${code}\n${tail}`)
  }
  return result
}

/** True when the command exits 0. */
export async function succeeds(command: string, args: string[], options: RunOptions = {}): Promise<boolean> {
  try {
    return (await run(command, args, options)).code === 0
  } catch {
    return false
  }
}

/** Runs a bash script (pipefail, stop at the first error) with positional arguments, so that nothing needs quoting. */
export function bash(script: string, args: string[] = [], options: RunOptions = {}): Promise<RunResult> {
  return run('bash', ['-euo', 'pipefail', '-c', script, 'rig', ...args], options)
}

/** Starts a daemon in a session of its own that outlives this process; its output goes to `logFile`. Returns its pid. */
export function startDaemon(command: string, args: string[], logFile: string): number {
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], cwd: '/' })
    child.once('error', (error) => process.stderr.write(`${command}: ${error.message}\n`))
    child.unref()
    if (child.pid === undefined) throw new Error(`${command} could not be started`)
    return child.pid
  } finally {
    closeSync(log)
  }
}

/** Polls until `condition` holds. Throws, saying what it waited for, after `seconds`. */
export async function until(what: string, seconds: number, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for: ${what}`)
    await delay(150)
  }
}

/** Says on the error stream what the rig is doing; the output stream is kept for results. */
export function say(text: string): void {
  process.stderr.write(`rig: ${text}\n`)
}
