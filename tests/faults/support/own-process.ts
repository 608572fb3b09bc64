import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { jobSchema, type Job } from '#shared/job.ts'

export type OwnProcess = {
  readonly child: ChildProcess
  /** resolves when it is gone, with what it said on standard output */
  readonly gone: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>
}

const root = join(import.meta.dirname, '..', '..', '..')

/** The terminal twin, in a process that can be killed. For people it tells each step on standard error. */
export function terminal(dataDir: string, words: readonly string[], { json = true } = {}): OwnProcess {
  const more = json ? ['--json'] : []
  return start([join(root, 'src', 'main', 'cli', 'index.ts'), '--data-dir', dataDir, ...more, ...words])
}

/** One job on an engine of its own that has little patience with a line, in a process that can be stopped. */
export function oneJob(dataDir: string, kind: 'backup' | 'pull', databaseId: string): OwnProcess {
  return start([join(import.meta.dirname, 'one-job.ts'), dataDir, kind, databaseId])
}

export function jobSaid(stdout: string): Job {
  return jobSchema.parse(JSON.parse(stdout))
}

function start(args: readonly string[]): OwnProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const gone: OwnProcess['gone'] = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, gone }
}
