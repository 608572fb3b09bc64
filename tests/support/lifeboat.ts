import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { compilingOnce } from '../../scripts/toolchain.mjs'

const entry = join(import.meta.dirname, '..', '..', 'src', 'main', 'cli', 'index.ts')

export type CliResult = { code: number | null; stdout: string; stderr: string; json: unknown }

export type CliOptions = {
  input?: string
  env?: NodeJS.ProcessEnv
  /** interrupts it, as Ctrl+C does */
  signal?: AbortSignal
  cwd?: string
  /** called with everything that was said there so far */
  onStderr?: (text: string) => void
}

/** Runs the terminal twin as a script would: a process of its own, results read from stdout. */
export async function lifeboat(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: compilingOnce({ ...process.env, ...options.env }),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
  })
  options.signal?.addEventListener('abort', () => child.kill('SIGINT'))
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr.push(chunk)
    options.onStderr?.(Buffer.concat(stderr).toString('utf8'))
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const text = Buffer.concat(stdout).toString('utf8')
  return { code, stdout: text, stderr: Buffer.concat(stderr).toString('utf8'), json: parsed(text) }
}

/** Runs it with --json on a data folder and checks the object by a schema; a failure shows what was said instead. */
export function lifeboatOn(dataDir: string) {
  return async <T>(
    schema: z.ZodType<T>,
    args: readonly string[],
    options: CliOptions = {},
  ): Promise<{ code: number | null; json: T }> => {
    const result = await lifeboat(['--data-dir', dataDir, '--json', ...args], options)
    const json = schema.safeParse(result.json)
    if (json.success) return { code: result.code, json: json.data }
    throw new Error(
      `lifeboat ${args.join(' ')} (code ${result.code}) said: ${result.stdout}\n${result.stderr}\n${z.prettifyError(json.error)}`,
    )
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
