import { runCli } from './run.ts'

process.exitCode = await runCli(process.argv.slice(2))
// a connection that is still closing must not hold the terminal
process.exit()
