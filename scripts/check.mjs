// npm run check: format, lint, types, unused code. All four run, whatever the first ones say.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensurePackages } from './packages.mjs'
import { projectRoot, run, runScript, say } from './project.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

const bin = join(projectRoot, 'node_modules')

/** @type {[name: string, program: string, args: string[]][]} */
const checks = [
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '.']],
  ['types', 'typescript/bin/tsc', ['--noEmit', '-p', '.']],
  ['unused code', 'knip/bin/knip.js', []],
]

/**
 * Runs the checks.
 * @returns {{ passed: string[], failed: string[] }} their names
 */
export function runChecks() {
  const env = toolchainEnv()
  const failed = checks.filter(([name, program, args]) => {
    say(`── ${name}`)
    return !run(toolchainNode(), [join(bin, program), ...args], { env })
  })
  const passed = checks.filter((check) => !failed.includes(check))
  return { passed: passed.map(([name]) => name), failed: failed.map(([name]) => name) }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runScript(async () => {
    ensurePackages()
    const { failed } = runChecks()
    say(failed.length ? `\nFailed: ${failed.join(', ')}` : '\nFormat, lint, types and unused code: nothing found.')
    return failed.length ? 1 : 0
  })
