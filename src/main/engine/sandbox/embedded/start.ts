import { availableParallelism } from 'node:os'
import { LifeboatFailure } from '#shared/failure.ts'
import { availableMemory, requireScratch } from '../room.ts'
import { freshPasswords } from '../roles.ts'
import type { SandboxSurroundings, SandboxWish } from '../sandbox.ts'
import { throwAwaySettings } from '../settings.ts'
import type { Server } from '../stand.ts'
import { findBinaries } from './binaries.ts'
import { makeServerFolder, scratchBase } from './folder.ts'
import { makeCluster, startServer, type EmbeddedServer } from './server.ts'
import { reachable, serverUser } from './user.ts'

/** Starts the PostgreSQL that comes with the program, in a folder of its own. Failed or cancelled, it leaves nothing. */
export async function startEmbedded(
  wish: SandboxWish,
  { scratchDir, signal }: Pick<SandboxSurroundings, 'scratchDir' | 'signal'>,
): Promise<Server> {
  const found = await findBinaries()
  requireMajor(wish.major, found.major, found.version)
  const user = await serverUser()
  await requireScratch(scratchBase(scratchDir), wish.sqlBytes)
  const binaries = await reachable(found, user)
  const passwords = freshPasswords()
  const folder = await makeServerFolder(scratchDir, binaries, user, passwords.admin)
  let server: EmbeddedServer | null = null
  const stop = async (): Promise<void> => {
    await server?.end()
    await folder.remove()
  }
  try {
    await makeCluster(binaries, folder, user, signal)
    server = await startServer(binaries, folder, await settingsHere(), user, signal)
    return {
      kind: 'embedded',
      image: null,
      way: server.way,
      passwords,
      fate: server.fate,
      superuser: false,
      run: null,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function requireMajor(wanted: number | null, major: number, version: string): void {
  if (wanted === null || wanted <= major) return
  throw new LifeboatFailure(
    'sandbox-missing',
    `This dump comes from PostgreSQL ${wanted}, and the embedded one is ${version}: use Docker with the image postgres:${wanted}-alpine.`,
  )
}

async function settingsHere(): Promise<Record<string, string>> {
  const room = { memory: await availableMemory(), cpus: availableParallelism(), dataInMemory: false }
  // what parallel workers share lies in the data folder, so that it goes with it also when the server was killed
  return { ...throwAwaySettings(room), event_triggers: 'off', dynamic_shared_memory_type: 'mmap' }
}
