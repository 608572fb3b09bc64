import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The calls that change what is on a disk, and those that make it durable. */
const kinds = [
  'openat',
  'write',
  'pwrite64',
  'fsync',
  'utimensat',
  'ftruncate',
  'link',
  'rename',
  'unlink',
  'mkdir',
] as const
type Kind = (typeof kinds)[number]

/** Which thread is watched: the main one, where SQLite writes, or the one worker to which Node hands its files. */
export type Thread = 'main' | 'worker'
/** The nth call of a kind in a thread. */
export type Place = { thread: Thread; kind: Kind; nth: number }
/** What happens there instead of the call. */
export type Deed = 'kill' | 'EIO' | 'ENOSPC'
/** `reached`: the deed changed how it ended; `killed`: by a signal, the deed's or the abort of a thread that could not wake another. */
export type Ended = { stdout: string; stderr: string; reached: boolean; killed: boolean }

/** Why faults can not be put into calls here; null when they can. */
export function whyNoStrace(): string | null {
  return spawnSync('strace', ['-V']).status === 0 ? null : 'strace is not installed'
}

/** As on exFAT and some network disks. */
export const noHardLinks = ['-e', 'inject=link:error=EPERM'] as const

/**
 * Every call of the program that concerns a file below `root`, as places at which something can happen.
 * @param always what holds during the whole run
 */
export async function placesOf(
  program: readonly string[],
  thread: Thread,
  root: string,
  always: readonly string[] = [],
): Promise<Place[]> {
  const log = join(root, `trace-${thread}`)
  await run(program, thread, ['-y', '-o', log, ...always])
  const counts = new Map<Kind, number>()
  const places: Place[] = []
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const kind = kinds.find((each) => line.startsWith(`${each}(`))
    if (!kind) continue
    const nth = (counts.get(kind) ?? 0) + 1
    counts.set(kind, nth)
    if (!line.includes(root) || line.includes(log)) continue
    // opening for reading changes nothing
    if (kind !== 'openat' || line.includes('O_CREAT')) places.push({ thread, kind, nth })
  }
  rmSync(log)
  return places
}

/** Runs the program and does the deed at the place. */
export async function runUntil(
  program: readonly string[],
  place: Place,
  deed: Deed,
  always: readonly string[] = [],
): Promise<Ended> {
  const what = deed === 'kill' ? 'signal=SIGKILL' : `error=${deed}`
  return run(program, place.thread, [
    '-o',
    '/dev/null',
    '-e',
    `inject=${place.kind}:${what}:when=${place.nth}`,
    ...always,
  ])
}

async function run(program: readonly string[], thread: Thread, options: readonly string[]): Promise<Ended> {
  const trace = ['-q', '-e', `trace=${kinds.join(',')}`, ...options]
  const node = realpathSync(process.execPath)
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' }
  if (thread === 'main') return ended(spawn('strace', [...trace, node, ...program], { env }))
  const child = spawn(node, [...program, 'wait'], { env })
  const result = ended(child)
  await said(child, 'ready')
  const strace = spawn('strace', [...trace, '-p', String(workerOf(child.pid ?? 0))], { stdio: 'ignore' })
  await attached(child.pid ?? 0)
  child.stdin.write('go\n')
  const [answer] = await Promise.all([result, once(strace, 'exit')])
  return answer
}

async function ended(child: ChildProcess): Promise<Ended> {
  const out: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => (out[name] += chunk.toString()))
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { ...out, reached: code !== 0, killed: signal !== null }
}

function said(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes(word) && resolve())
    child.on('close', () => reject(new Error(`the program ended before it said ${word}`)))
  })
}

/** Node names its threads; with a pool of one there is one of these. */
function workerOf(pid: number): number {
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const name = readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8')
    if (name.startsWith('libuv-worker')) return Number(task)
  }
  throw new Error(`process ${pid} (${readlinkSync(`/proc/${pid}/exe`)}) has no worker of libuv`)
}

async function attached(pid: number): Promise<void> {
  const worker = workerOf(pid)
  while (/TracerPid:\t0\n/.test(readFileSync(`/proc/${pid}/task/${worker}/status`, 'utf8'))) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}
