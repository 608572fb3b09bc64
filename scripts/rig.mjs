// npm run rig:up, rig:down: the real servers that tests run against. tests/rig/machine does the work.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from './packages.mjs'
import { projectRoot, runScript, say, SetupProblem } from './project.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

/**
 * Brings the rig up, or what is missing of it; or takes it down.
 * @param {'up' | 'down'} word
 * @returns {Promise<string | null>} why it could not be done, or null when it was
 */
export async function rig(word) {
  const program = join(projectRoot, 'tests', 'rig', 'machine', `${word}.ts`)
  const child = spawn(toolchainNode(), [program], {
    cwd: projectRoot,
    env: toolchainEnv(),
    // Its stdout belongs to results; here it would stand between those of the tests.
    stdio: ['ignore', 2, 'pipe'],
    timeout: 40 * 60_000,
  })
  let tail = ''
  child.stderr?.on('data', (/** @type {Buffer} */ bytes) => {
    process.stderr.write(bytes)
    tail = (tail + bytes.toString()).slice(-4_000)
  })
  const [status, signal] = await once(child, 'close')
  if (status === 0) return null
  return lastLine(tail) || `${program} ended with ${status ?? signal}`
}

/** @param {string} text */
function lastLine(text) {
  return (
    text
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^rig: /, '') ?? ''
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runScript(async () => {
    ensurePackages()
    const word = process.argv[2] === 'down' ? 'down' : 'up'
    const problem = await rig(word)
    if (problem !== null) throw new SetupProblem(`the rig: ${problem}`)
    say(`The rig is ${word}.`)
    return 0
  })
