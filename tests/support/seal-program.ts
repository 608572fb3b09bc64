// Seals two files in a process of its own that can be killed: `seal-program.ts DATA FILE-A FILE-B [wait]`.
// Says `sealed NAME` when the engine has said so. With `wait` it says `ready` first, and goes on when a line comes in.
import { basename } from 'node:path'
import { isOver } from '#shared/job.ts'
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { untilWord } from './until-word.ts'

const [, , dataDir = '', first = '', second = '', wait = ''] = process.argv
const now = (): Date => new Date()
const engine = await createEngine({ dataDir, copiesDir: null, version: 't', keychain: noKeychain, now })
engine.subscribe((event) => {
  if (event.name !== 'prompt') return
  const answer = { kind: 'secret' as const, answers: ['correct horse', 'correct horse'], remember: false }
  void engine.call('prompt.answer', { id: event.value.id, answer })
})
const place = { kind: 'host' as const }
const known = (await engine.call('database.list', {}))[0]
const server = known ? null : await engine.call('server.add', { name: 'shop', host: '127.0.0.1', port: 1 })
const database =
  known ??
  (await engine.call('database.add', { server: server?.id ?? '', label: 'prod', place, dbname: 'd', dbuser: 'u' }))
if (wait !== '') await untilWord(dataDir)
try {
  const over = Promise.withResolvers<void>()
  engine.subscribe((event) => {
    if (event.name === 'job' && isOver(event.value.state)) over.resolve()
  })
  const { jobId } = await engine.call('vault.seal', { databaseId: database.id, files: [first, second], local: true })
  await over.promise
  const job = await engine.call('job.show', { id: jobId })
  if (job.failure) throw new Error(`${job.failure.kind}: ${job.failure.message}`)
  const result = await engine.call('vault.result', { jobId })
  const seals = await engine.call('vault.list', {})
  const made = seals.find(({ id }) => result?.kind === 'sealed' && id === result.sealId)
  if (made) process.stdout.write(`sealed ${basename(made.file)}\n`)
  else process.exitCode = 1
} finally {
  await engine.stop()
}
