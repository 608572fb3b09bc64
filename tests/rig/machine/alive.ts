import { readFileSync } from 'node:fs'

/** True while the process runs. One that has ended but that nobody has reaped (in a container without init) does not. */
export function alive(pid: number): boolean {
  try {
    // The state stands behind the name, which is in brackets and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}
