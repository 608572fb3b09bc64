import { readFileSync } from 'node:fs'

/** Which process runs a job or keeps a sandbox: the number alone would be taken by another program after a while. */
export type Owner = { pid: number; startToken: string }

export function ownProcess(): Owner {
  return { pid: process.pid, startToken: startToken(process.pid) }
}

/** Whether the process that began a job is still there. */
export function isAlive({ pid, startToken: token }: Owner): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // it lives, but belongs to somebody else
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = startToken(pid)
  return token === '' || now === '' || now === token
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), with the boot's id; '' elsewhere. */
function startToken(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // the program's name, field 2, may hold blanks and brackets
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}:${fields[19] ?? ''}`
  } catch {
    return ''
  }
}
