import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { jobSchema, type Job, type JobStep } from '#shared/job.ts'

export type OwnProcess = {
  readonly child: ChildProcess
  /** resolves when it is gone, with what it said on standard output */
  readonly gone: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>
}

const root = join(import.meta.dirname, '..', '..', '..')

/** The terminal twin, in a process that can be killed. For people it tells each step on standard error. */
export function terminal(dataDir: string, words: readonly string[], { json = true } = {}): OwnProcess {
  return start(twinOf(dataDir, json ? ['--json', ...words] : words))
}

/**
 * The terminal twin, with a disk of its own for the servers that root starts: one gigabyte, which `fill` makes full. It
 * speaks to people. Only as root.
 */
export function terminalOnOwnDisk(dataDir: string, words: readonly string[]): OwnProcess & { fill(): void } {
  const mounted = 'mount -t tmpfs -o size=1g,mode=1777 lifeboat-test /var/tmp && exec "$@"'
  const own = start(['--mount', 'sh', '-c', mounted, 'sh', process.execPath, ...twinOf(dataDir, words)], 'unshare')
  const inside = ['-t', String(own.child.pid), '-m', 'sh', '-c', 'cat /dev/zero > /var/tmp/other-files']
  return { ...own, fill: () => void spawnSync('nsenter', inside) }
}

function twinOf(dataDir: string, words: readonly string[]): string[] {
  return [join(root, 'src', 'main', 'cli', 'index.ts'), '--data-dir', dataDir, ...words]
}

/** One job on an engine of its own that has little patience with a line, in a process that can be stopped. */
export function oneJob(dataDir: string, kind: 'backup' | 'pull', databaseId: string): OwnProcess {
  return start([join(import.meta.dirname, 'one-job.ts'), dataDir, kind, databaseId])
}

/** Resolves when a twin that speaks to people has come to a step. */
export function arrivedAt(step: JobStep, { child }: OwnProcess): Promise<void> {
  return new Promise((resolve) => {
    child.stderr?.on('data', (told: Buffer) => {
      if (told.toString().includes(`: ${step}\n`)) resolve()
    })
  })
}

export function jobSaid(stdout: string): Job {
  return jobSchema.parse(JSON.parse(stdout))
}

function start(args: readonly string[], program = process.execPath): OwnProcess {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
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
