// Which Electron runs Lifeboat here: the one the user names, else the package's own, else the trial runtime.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, run, say, SetupProblem } from './project.mjs'
import { toolchainNode } from './toolchain.mjs'
import { ensureTrialRuntime, trialExecutable, trialFits, trialReady, trialRuntimeFor } from './trial-runtime.mjs'

/**
 * @typedef {object} Runtime
 * @property {'named' | 'own' | 'trial'} kind
 * @property {string} executable
 * @property {string[]} args what must be passed before the application's own arguments
 * @property {Record<string, string>} env what must be in its environment
 */

/**
 * @typedef {object} Found
 * @property {string | null} named what LIFEBOAT_ELECTRON says
 * @property {boolean} namedThere whether that file exists
 * @property {string | null} own the package's own executable, once downloaded
 * @property {string | null} trial the trial runtime, once prepared
 */

/**
 * The choice by itself. What the user names is never replaced by something else: a wrong path is an error.
 * @param {Found} found
 * @returns {{ kind: Runtime['kind'], executable: string } | null} null: there is none yet
 */
export function chooseRuntime({ named, namedThere, own, trial }) {
  if (named !== null && !namedThere)
    throw new SetupProblem(`LIFEBOAT_ELECTRON names ${named}, and there is no such file.`)
  if (named !== null) return { kind: 'named', executable: named }
  if (own !== null) return { kind: 'own', executable: own }
  if (trial !== null) return { kind: 'trial', executable: trial }
  return null
}

/**
 * The runtime that is ready on this machine, without fetching anything.
 * @returns {Runtime | null}
 */
export function findRuntime() {
  const named = process.env['LIFEBOAT_ELECTRON'] || null
  const choice = chooseRuntime({
    named,
    namedThere: named !== null && existsSync(named),
    own: ownExecutable(),
    trial: trialReady() ? trialExecutable : null,
  })
  if (choice === null) return null
  const trial = choice.kind === 'trial'
  return {
    ...choice,
    // The trial runtime starts resources/app, whatever it is told.
    args: [...switches(), ...(trial ? [] : [projectRoot])],
    // Node's ABI in the trial runtime is too old for the engine: that runs in the toolchain's own Node.
    env: { LIFEBOAT_NODE: toolchainNode(), ...(trial ? { LIFEBOAT_TRIAL_RUNTIME: '1' } : {}) },
  }
}

/**
 * The same Electron for another application, to measure Lifeboat against.
 * @param {string} app that application's folder
 * @param {string} scratch a folder that does not exist yet, which the trial runtime needs for itself
 * @returns {Promise<Runtime | null>}
 */
export async function findRuntimeFor(app, scratch) {
  const runtime = findRuntime()
  if (runtime === null) return null
  if (runtime.kind !== 'trial') return { ...runtime, args: [...switches(), app] }
  return { ...runtime, executable: await trialRuntimeFor(app, scratch) }
}

/** Chromium refuses to sandbox itself as root. */
function switches() {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/**
 * Makes sure that there is a runtime, fetching one where needed, and says aloud when it is the trial one.
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime() {
  const ready = findRuntime()
  if (ready !== null && ready.kind !== 'trial') return ready
  if (!(await downloadOwn())) {
    if (!trialFits)
      throw new SetupProblem(
        'Electron could not be downloaded from GitHub. Set ELECTRON_MIRROR to a mirror that you reach, or LIFEBOAT_ELECTRON to an Electron of your own.',
      )
    await ensureTrialRuntime()
  }
  const runtime = findRuntime()
  if (runtime === null) throw new SetupProblem('no Electron could be set up. Set LIFEBOAT_ELECTRON to one of your own.')
  if (runtime.kind === 'trial') say(trialNotice)
  return runtime
}

export const trialNotice = [
  '┌─ For trying out only ────────────────────────────────────────────────────────┐',
  '│ Electron could not be downloaded from GitHub, so Lifeboat runs on an old one │',
  '│ from the npm registry (33.2.1), which no longer gets security fixes.         │',
  '│ For real use: reach GitHub, set ELECTRON_MIRROR, or set LIFEBOAT_ELECTRON.   │',
  '└──────────────────────────────────────────────────────────────────────────────┘',
].join('\n')

/** The executable of the `electron` package, when it was downloaded in the very version that is installed. */
function ownExecutable() {
  const folder = join(projectRoot, 'node_modules', 'electron')
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const downloaded = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '')
    const executable = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return downloaded === version && existsSync(executable) ? executable : null
  } catch {
    return null
  }
}

/** Downloads the package's own Electron; false where its source can't be reached. */
async function downloadOwn() {
  if (!(await sourceReachable())) return false
  say('Downloading Electron …')
  const installer = join(projectRoot, 'node_modules', 'electron', 'install.js')
  return run(toolchainNode(), [installer], { timeout: 15 * 60_000 }) && ownExecutable() !== null
}

/** A quick look first: the download itself would wait for minutes behind a wall that drops packets. */
async function sourceReachable() {
  const { env } = process
  // A mirror or a proxy was set on purpose: let the download itself find out.
  if (env['ELECTRON_MIRROR'] || env['npm_config_electron_mirror'] || env['HTTPS_PROXY'] || env['https_proxy'])
    return true
  try {
    await fetch('https://github.com/electron/electron/releases', { method: 'HEAD', signal: AbortSignal.timeout(5_000) })
    return true
  } catch {
    return false
  }
}
