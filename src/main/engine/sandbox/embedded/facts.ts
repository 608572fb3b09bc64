import { toFailure } from '#shared/failure.ts'
import type { EngineFacts } from '#shared/sandbox.ts'
import { findBinaries } from './binaries.ts'
import { serverUser } from './user.ts'

/** Whether the PostgreSQL that comes with the program can be had on this computer. */
export async function embeddedFacts(): Promise<EngineFacts> {
  const facts = { kind: 'embedded' as const, images: [] }
  try {
    const { version } = await findBinaries()
    await serverUser()
    return { ...facts, available: true, version: `PostgreSQL ${version}`, reason: null, remedy: null }
  } catch (error) {
    const { message } = toFailure(error)
    return { ...facts, available: false, version: null, reason: message, remedy: 'Use Docker instead.' }
  }
}
