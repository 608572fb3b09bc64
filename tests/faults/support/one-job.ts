/** node one-job.ts DATA-DIR backup|pull DATABASE-ID: does it, and prints the job's row. */
import { isOver, type Job } from '#shared/job.ts'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'

const [dataDir = '', kind, databaseId = ''] = process.argv.slice(2)
const timeouts = { connect: 20_000, keepAlive: 1000, dead: 4000, stall: 5000 }
const engine = await createEngine({
  dataDir,
  copiesDir: null,
  version: '0.0.0',
  keychain: noKeychain,
  now: () => new Date(),
  timeouts,
})
const over = Promise.withResolvers<Job>()
engine.subscribe((event) => {
  if (event.name === 'job' && isOver(event.value.state)) over.resolve(event.value)
})
if (kind === 'backup') await engine.call('backup.start', { databaseId })
else await engine.call('pull.start', { databaseId, which: { kind: 'newest' } })
process.stdout.write(JSON.stringify(await over.promise))
await engine.stop()
