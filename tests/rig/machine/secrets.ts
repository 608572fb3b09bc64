import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rigDir } from './where.ts'

/**
 * A secret that looks random, is the same for the same name as long as the rig's folder lives, and is known nowhere else:
 * made from a seed that is drawn once. So a second `up` finds the passwords of the databases that the first one made.
 */
export function secret(name: string): string {
  return createHmac('sha256', seed()).update(name).digest('base64url').replaceAll(/[-_]/g, 'x').slice(0, 28)
}

function seed(): Buffer {
  const file = join(rigDir, 'seed')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' })
  return readFileSync(file)
}
