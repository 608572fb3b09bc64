import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { buildWorld } from './world.ts'

// The demo server lives in a thread of its own: what it encrypts would hold up the engine's.
const { folder, now } = z.object({ folder: z.string(), now: z.string() }).parse(workerData)
const world = await buildWorld(folder, new Date(now))
const { host, port, user, keyFile, hostKey } = world
parentPort?.postMessage({ host, port, user, keyFile, hostKey })
parentPort?.once('message', () => void world.stop().finally(() => process.exit(0)))
