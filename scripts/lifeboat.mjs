#!/usr/bin/env node
// npm run -s lifeboat -- …, or lifeboat … where it was linked: the terminal twin. Set-up, when it is needed, speaks on stderr only.
import { join } from 'node:path'
import { ensurePackages } from './packages.mjs'
import { projectRoot, runScript, whereThePersonStands } from './project.mjs'
import { runAndPassOn } from './run-and-pass-on.mjs'
import { compilingOnce, toolchainNode } from './toolchain.mjs'

await runScript(async () => {
  ensurePackages()
  const cli = join(projectRoot, 'src', 'main', 'cli', 'index.ts')
  const args = [cli, ...process.argv.slice(2)]
  const cwd = whereThePersonStands()
  const env = compilingOnce(process.env)
  // Where Node can, the twin takes this process's place: signals and the exit code are its own then.
  if ('execve' in process && process.platform !== 'win32') {
    process.chdir(cwd)
    process.execve(toolchainNode(), [toolchainNode(), ...args], env)
  }
  return runAndPassOn(toolchainNode(), args, env, cwd)
})
