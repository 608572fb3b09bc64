import { hostname } from 'node:os'
import { z } from 'zod'
import { isAlive, ownProcess, type Owner } from '#engine/disk/owner.ts'

/** Whose sandbox it is, as it is written beside everything that may outlive its process. */
export type Ownership = Owner & { host: string }

const ownershipSchema = z.object({ pid: z.number().int().positive(), startToken: z.string(), host: z.string() })

export function ownership(): Ownership {
  return { ...ownProcess(), host: hostname() }
}

/**
 * Whether a sandbox may be swept away: its process is gone. What another computer (by DOCKER_HOST) or another
 * container owns can't be judged from here, and what says nothing of its owner is not ours.
 */
export function isOrphan(owner: Ownership | null): boolean {
  return owner !== null && owner.host === hostname() && !isAlive(owner)
}

export function parseOwnership(text: string): Ownership | null {
  try {
    return ownershipSchema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
