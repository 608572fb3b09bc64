import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { rigDir } from './where.ts'

/**
 * Makes sure that only one of `up`, `down` and `big` works on the rig at a time: the program starts itself again under
 * flock and ends with that one's exit code. flock keeps the lock to itself (-o), so that daemons don't inherit it.
 */
export function underLock(): void {
  if (process.env.LIFEBOAT_RIG_LOCKED === '1') return
  mkdirSync(rigDir, { recursive: true, mode: 0o700 })
  const again = ['-o', join(rigDir, 'lock'), process.execPath, ...process.argv.slice(1)]
  const env = { ...process.env, LIFEBOAT_RIG_LOCKED: '1' }
  process.exit(spawnSync('flock', again, { stdio: 'inherit', env }).status ?? 1)
}
