// npm run build: the bundles of all processes, into out/.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from './packages.mjs'
import { projectRoot, run, runScript, SetupProblem } from './project.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

/**
 * Builds the app.
 * @param {{ quiet?: boolean }} [options]
 */
export function build({ quiet = false } = {}) {
  const bundler = join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const args = [bundler, 'build', ...(quiet ? ['--logLevel', 'warn'] : [])]
  if (!run(toolchainNode(), args, { env: toolchainEnv() }))
    throw new SetupProblem('the build failed; its message is above.')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runScript(async () => {
    ensurePackages()
    build()
    return 0
  })
