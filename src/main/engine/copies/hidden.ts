import { randomBytes } from 'node:crypto'
import { writerOf } from '#engine/disk/file.ts'

/**
 * Names of files that are not copies yet. They begin with a dot, and tell whose they are: what a dead process or an
 * ended job has left behind is found by its name.
 */
export type Hidden =
  { kind: 'part' | 'commit'; jobId: string; pid: number; token: string } | { kind: 'temp'; pid: number }

const shape = /^\.lifeboat-(part|commit)-([A-Za-z0-9]*)-(\d+)-([0-9a-f]{12})$/

export function partName(jobId: string): string {
  return nameOf('part', jobId, randomBytes(6).toString('hex'))
}

/** The manifest of a copy that is being committed, beside its part file: the token is the same. */
export function commitName(part: string): string {
  const hidden = readHidden(part)
  if (hidden?.kind !== 'part') throw new Error(`${part} is no part file`)
  return nameOf('commit', hidden.jobId, hidden.token)
}

/** A commit of a dead process, under the name of the one that brings it to its end: only one rename can succeed. */
export function claimedCommitName(token: string): string {
  return nameOf('commit', '', token)
}

function nameOf(kind: 'part' | 'commit', jobId: string, token: string): string {
  return `.lifeboat-${kind}-${jobId.replace(/[^A-Za-z0-9]/g, '')}-${process.pid}-${token}`
}

/** What a name says; null for every other file. */
export function readHidden(name: string): Hidden | null {
  const writer = writerOf(name)
  if (writer !== null) return { kind: 'temp', pid: writer }
  const found = shape.exec(name)
  if (!found) return null
  const [, kind, jobId = '', pid, token = ''] = found
  return { kind: kind === 'part' ? 'part' : 'commit', jobId, pid: Number(pid), token }
}

/** Files that this very process is writing: its own number says nothing about them after it was started anew. */
const here = new Set<string>()

export const ownHidden = {
  add: (path: string): void => void here.add(path),
  delete: (path: string): void => void here.delete(path),
  has: (path: string): boolean => here.has(path),
}
