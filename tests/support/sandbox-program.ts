// A process that keeps a sandbox until it is killed: node sandbox-program.ts ENGINE SCRATCH_DIR SQL_BYTES. Says its id.
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
console.log(sandbox.id)
setInterval(() => {}, 60_000)
