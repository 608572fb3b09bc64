import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { isProcess } from '#engine/disk/process.ts'

const politeMs = 5000
const lookEveryMs = 50

/**
 * Ends what still runs in the folder of a process that is gone: its server, or the initdb that was making it. A number
 * in a file may be another program's by now, so the process is known by its arguments, which name this very folder.
 */
export async function endLeftovers(folder: string): Promise<void> {
  const data = join(folder, 'data')
  for (const { pid, argv } of await processes()) {
    const program = basename(argv[0] ?? '').replace(/\.exe$/, '')
    const ours = (program === 'postgres' || program === 'initdb') && argv.includes(data)
    if (ours) await end(pid)
  }
}

async function end(pid: number): Promise<void> {
  send(pid, 'SIGQUIT')
  for (let waited = 0; waited < politeMs && isProcess(pid); waited += lookEveryMs)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  if (isProcess(pid)) send(pid, 'SIGKILL')
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it ended by itself
  }
}

type Found = { pid: number; argv: string[] }

async function processes(): Promise<Found[]> {
  if (process.platform === 'linux') return ofProc()
  if (process.platform === 'win32') return []
  // no folder of ours has a blank in its random part, and one before it splits no differently on either side
  const { stdout } = await promisify(execFile)('/bin/ps', ['-axo', 'pid=,args='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').map((line) => {
    const [pid, ...argv] = line.trim().split(/\s+/)
    return { pid: Number(pid), argv }
  })
}

async function ofProc(): Promise<Found[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const read = async (pid: string): Promise<Found> => {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return { pid: Number(pid), argv: text.split('\0') }
  }
  return Promise.all(pids.map(read))
}
