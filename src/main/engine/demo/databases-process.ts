import { join } from 'node:path'
import { z } from 'zod'
import { answerCommand } from './commands.ts'
import { startDemoDatabases } from './databases.ts'
import { demoProject } from './facts.ts'
import { writeOldBackups } from './old-backups.ts'
import { startRelay } from './relay.ts'

const wanted = z.object({ folder: z.string(), now: z.iso.datetime() })
let stop = (): Promise<void> => Promise.resolve()

async function start(message: unknown): Promise<void> {
  const { folder, now } = wanted.parse(message)
  const projectDir = demoProject(folder)
  const databases = await startDemoDatabases()
  await writeOldBackups(join(projectDir, 'backups', 'prod'), databases.prod, new Date(now))
  const relay = await startRelay(folder, ['docker'], (call) => answerCommand(call, { databases, projectDir }))
  stop = relay.stop
  process.send?.({ bin: relay.bin })
}

process.once('message', (message) => void start(message))
// also when whoever started it was killed
process.once('disconnect', () => void stop().finally(() => process.exit(0)))
