import { runCli } from './run.ts'

// a reader that has seen enough, such as `head`, is no trouble of ours
process.stdout.on('error', () => {})
process.exitCode = await runCli(process.argv.slice(2))
// where stdout is written in the background, an exit would cut it off
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
// a connection that is still closing must not hold the terminal
process.exit()
