// npm start: sets up whatever is missing, builds, and opens the window.
import { build } from './build.mjs'
import { hasDisplay, noDisplay } from './display.mjs'
import { ensurePackages } from './packages.mjs'
import { runScript, SetupProblem, whereThePersonStands } from './project.mjs'
import { runAndPassOn } from './run-and-pass-on.mjs'
import { ensureRuntime } from './runtime.mjs'
import { refuseWithoutSandbox } from './sandbox.mjs'
import { ensureSystemLibraries } from './system-libraries.mjs'

await runScript(async () => {
  ensurePackages()
  const runtime = await ensureRuntime()
  const display = hasDisplay(process.env)
  // Without a display the set-up is still done to its end: what the message then names must work.
  ensureSystemLibraries(runtime.executable, { virtualDisplay: !display })
  build({ quiet: true })
  if (!display) throw new SetupProblem(noDisplay)
  refuseWithoutSandbox(runtime.executable)
  const args = [...runtime.args, ...process.argv.slice(2)]
  return runAndPassOn(runtime.executable, args, { ...process.env, ...runtime.env }, whereThePersonStands())
})
