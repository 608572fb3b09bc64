import { exitCodes } from './exit.ts'
import { runCli } from './run.ts'

let unwritten: Error | undefined
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // a reader that has seen enough, such as `head`, is no trouble of ours
  if (error.code !== 'EPIPE') unwritten ??= error
})
// whoever closes it wants no progress; the work goes on
process.stderr.on('error', () => {})
process.exitCode = await runCli(process.argv.slice(2))
// where stdout is written in the background, an exit would cut it off
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
if (unwritten) {
  process.exitCode ||= exitCodes.failed
  process.stderr.write(`The result could not be written: ${unwritten.message}\n`)
}
// a connection that is still closing must not hold the terminal
process.exit()
