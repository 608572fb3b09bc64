// npm run rig:up, rig:down: the real servers that tests run against. tests/rig/machine does the work.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from './packages.mjs'
import { projectRoot, runScript, say, SetupProblem } from './project.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

/**
 * @param {'up' | 'down'} word
 * @returns {string | null} why it could not be done, or null when it was
 */
export function rig(word) {
  const program = join(projectRoot, 'tests', 'rig', 'machine', `${word}.ts`)
  if (!existsSync(program)) return `${program} is missing`
  // Its stdout belongs to results; here it would disturb the closing line of the tests.
  const done = spawnSync(toolchainNode(), [program], {
    cwd: projectRoot,
    env: toolchainEnv(),
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
    timeout: 30 * 60_000,
    maxBuffer: 1 << 26,
  })
  process.stderr.write(done.stderr ?? '')
  if (done.status === 0) return null
  return (done.stderr ?? '').trim().split('\n').at(-1) || `it ended with ${done.status ?? done.signal}`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runScript(async () => {
    ensurePackages()
    const word = process.argv[2] === 'down' ? 'down' : 'up'
    const problem = rig(word)
    if (problem !== null) throw new SetupProblem(`the rig: ${problem}`)
    say(`The rig is ${word}.`)
    return 0
  })
