// A process that keeps a sandbox until it is killed, or told to end: node sandbox-program.ts ENGINE SCRATCH_DIR SQL_BYTES.
// Says the sandbox's id and the server's data folder.
import { sandboxChoiceSchema } from '#shared/sandbox.ts'
import { startSandbox } from '#engine/sandbox/start.ts'

const [engine, scratchDir = '', sqlBytes = '0'] = process.argv.slice(2)
const sandbox = await startSandbox(
  {
    engine: sandboxChoiceSchema.parse(engine),
    image: null,
    major: 18,
    sqlBytes: Number(sqlBytes),
    jobId: 'job',
    copyId: null,
    subject: 'shop/prod',
  },
  {
    scratchDir,
    now: () => new Date(),
    signal: new AbortController().signal,
    report: { step: () => {}, log: () => {} },
  },
)
const admin = await sandbox.connect('admin', 'postgres')
const { rows } = await admin.query<{ dir: string }>(`SELECT current_setting('data_directory') AS dir`)
await admin.end()
console.log(`${sandbox.id} ${rows[0]?.dir ?? ''}`)
const idle = setInterval(() => {}, 60_000)
process.once('SIGTERM', () => {
  clearInterval(idle)
  void sandbox.stop()
})
