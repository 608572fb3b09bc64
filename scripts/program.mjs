// Runs one of the project's own TypeScript programs on Node 24, after the set-up that it needs:
//   node scripts/program.mjs [--window] [--rig] FILE [ARGUMENT…]
import { join } from 'node:path'
import { build } from './build.mjs'
import { hasDisplay, onSomeDisplay } from './display.mjs'
import { ensurePackages } from './packages.mjs'
import { projectRoot, runScript, SetupProblem } from './project.mjs'
import { rig } from './rig.mjs'
import { runAndPassOn } from './run-and-pass-on.mjs'
import { ensureRuntime } from './runtime.mjs'
import { ensureSystemLibraries } from './system-libraries.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

await runScript(async () => {
  const words = process.argv.slice(2)
  const at = words.findIndex((word) => !word.startsWith('--'))
  const [needs, [file = '', ...args]] = [words.slice(0, at), words.slice(at)]
  ensurePackages()
  const env = { ...toolchainEnv(), ...(needs.includes('--window') ? await windowSetUp() : {}) }
  if (needs.includes('--rig')) {
    const problem = await rig('up')
    if (problem !== null) throw new SetupProblem(`the rig is needed and can't be had: ${problem}`)
  }
  /** @type {[string, string[]]} */
  const command = [toolchainNode(), [join(projectRoot, file), ...args]]
  const [program, programArgs] = needs.includes('--window') ? onSomeDisplay(...command) : command
  return runAndPassOn(program, programArgs, env)
})

/** @returns {Promise<Record<string, string>>} the environment that the window needs */
async function windowSetUp() {
  const runtime = await ensureRuntime()
  ensureSystemLibraries(runtime.executable, { virtualDisplay: !hasDisplay(process.env) })
  build({ quiet: true })
  return runtime.env
}
