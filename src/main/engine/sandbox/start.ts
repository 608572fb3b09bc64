import { randomBytes } from 'node:crypto'
import { LifeboatFailure } from '#shared/failure.ts'
import { reachDaemon } from './docker/daemon.ts'
import { haveImage, imageFor } from './docker/image.ts'
import { startInDocker } from './docker/start.ts'
import { startEmbedded } from './embedded/start.ts'
import type { Sandbox, SandboxSurroundings, SandboxWish } from './sandbox.ts'
import { stand, type Server } from './stand.ts'

/**
 * Starts a throw-away PostgreSQL for one copy. Cancelled or failed at any point, it leaves nothing.
 * @throws LifeboatFailure sandbox-missing (nothing to restore in, with why), sandbox-full (no room to begin),
 * sandbox-lost, invalid-input (no image is called so)
 */
export async function startSandbox(wish: SandboxWish, surroundings: SandboxSurroundings): Promise<Sandbox> {
  const id = randomBytes(8).toString('hex')
  surroundings.report.step('sandbox')
  const server = await serverFor(id, wish, surroundings)
  return stand(id, server, wish, surroundings)
}

async function serverFor(id: string, wish: SandboxWish, surroundings: SandboxSurroundings): Promise<Server> {
  switch (wish.engine) {
    case 'docker':
      return inDocker(id, wish, surroundings)
    case 'embedded':
      return embedded(id, wish, surroundings)
    case 'auto':
      return whicheverThereIs(id, wish, surroundings)
  }
}

async function inDocker(id: string, wish: SandboxWish, surroundings: SandboxSurroundings): Promise<Server> {
  const daemon = await reachDaemon(surroundings.signal)
  const image = await haveImage(daemon, imageFor(wish), surroundings)
  return startInDocker(id, daemon, image, wish, surroundings)
}

async function embedded(_id: string, wish: SandboxWish, surroundings: SandboxSurroundings): Promise<Server> {
  return startEmbedded(wish, surroundings)
}

async function whicheverThereIs(id: string, wish: SandboxWish, surroundings: SandboxSurroundings): Promise<Server> {
  const why: string[] = []
  for (const start of [inDocker, embedded]) {
    try {
      return await start(id, wish, surroundings)
    } catch (error) {
      if (!(error instanceof LifeboatFailure) || error.kind !== 'sandbox-missing') throw error
      why.push(error.message)
      surroundings.report.log([error.message, error.detail].filter(Boolean).join(' '))
    }
  }
  throw new LifeboatFailure('sandbox-missing', why.join(' '))
}
