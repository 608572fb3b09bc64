// What every script needs to know of the project: where it lies, where its caches lie, and how to speak.
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)))

/** Something that the person at the keyboard has to do; shown as a sentence, without a stack. */
export class SetupProblem extends Error {}

/**
 * The user's cache folder of Lifeboat, by the custom of the platform.
 * @param {NodeJS.ProcessEnv} env
 */
export function cacheFolder(env = process.env) {
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'lifeboat')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'lifeboat')
  if (process.platform === 'win32' && env['LOCALAPPDATA']) return join(env['LOCALAPPDATA'], 'lifeboat', 'cache')
  return join(homedir(), '.cache', 'lifeboat')
}

/** npm runs every script in the project's folder; relative paths on its command line are meant from somewhere else. */
export function whereThePersonStands(env = process.env) {
  // another project's script may start the command `lifeboat`: it stands where that script does
  const ours = env['npm_package_name'] === 'lifeboat'
  const throughNpm = ours && ['start', 'lifeboat', 'demo'].includes(env['npm_lifecycle_event'] ?? '')
  return (throughNpm && env['INIT_CWD']) || process.cwd()
}

/**
 * One line to the person, on stderr: stdout belongs to results.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a program to its end; what it prints goes to stderr, or only its complaints when it runs quietly.
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, quiet?: boolean }} [options]
 * @returns {boolean} whether it exited with 0
 */
export function run(program, args, { quiet = false, ...options } = {}) {
  const done = spawnSync(program, args, { cwd: projectRoot, stdio: ['ignore', quiet ? 'ignore' : 2, 2], ...options })
  return done.status === 0
}

/**
 * Runs the npm that started this script, or the one in PATH.
 * @param {string[]} args
 * @param {{ cwd?: string, quiet?: boolean }} [options]
 */
export function runNpm(args, options = {}) {
  const cli = process.env['npm_execpath']
  // Through Node where it can be: npm.cmd on Windows would need a shell.
  if (cli && /\.c?js$/.test(cli)) return run(process.execPath, [cli, ...args], options)
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options)
}

/**
 * Runs the body of a script; a SetupProblem ends it with its sentence and exit code 1.
 * @param {() => Promise<number>} body gives the exit code
 */
export async function runScript(body) {
  try {
    process.exitCode = await body()
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error
    say(`\nLifeboat: ${error.message}`)
    process.exitCode = 1
  }
}
