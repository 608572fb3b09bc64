import { expect } from 'vitest'
import type { CopyRow } from '#shared/copy.ts'
import type { NewDatabase } from '#shared/database.ts'
import type { Job } from '#shared/job.ts'
import { rigDatabase } from '../../rig/machine/rig.ts'
import { standBeside, type Beside } from './server-side.ts'
import { truthOf, type Truth } from './truth.ts'
import { databaseOf, startWorld, type World, type WorldOptions } from './world.ts'

/** A database, and what is known of it without Lifeboat. */
export type Source = { database: Omit<NewDatabase, 'server'>; beside: Beside; truth: Truth }

/** One of the rig's databases. To be called while a file's tests are prepared. */
export async function rigSource(label: string): Promise<Source> {
  const { place, dbname, user, password } = rigDatabase(label)
  if (place.kind === 'host') throw new Error(`${label} runs in no container`)
  const beside = await standBeside({ container: place.container, dbname, user, password })
  return { database: databaseOf(label), beside, truth: await truthOf(beside) }
}

export type Scene = { world: World; database: string; older: CopyRow[]; bytes: number; truth: Truth; beside: Beside }

/** A world that has one copy of this database, and knows how many bytes of the line that took. */
export async function sceneWith({ database, beside, truth }: Source, options: WorldOptions = {}): Promise<Scene> {
  const world = await startWorld(options)
  const id = await world.addDatabase(database)
  const first = await (await world.backup(id)).ended
  expect(first.state, JSON.stringify(first.failure)).toBe('done')
  const older = await world.copies()
  return { world, database: id, older, bytes: world.proxy.passed.fromServer, truth, beside }
}

/** What a try came to, as one word for the table. */
export function outcomeOf(job: Job): string {
  return job.failure?.kind ?? job.state
}

/** A line so slow that a dump of the big table is seen in its middle. */
export const slowLine = { bytesPerSecond: 8_000_000, mostInFlight: 256 * 1024 }

/** The same, as good as still: what the server has not sent by now it can not send. */
export const stillLine = { ...slowLine, bytesPerSecond: 1 }
