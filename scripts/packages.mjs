// The packages of the lockfile, and Node 24 among them.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot, runNpm, say, SetupProblem } from './project.mjs'
import { ensureToolchainNode } from './toolchain.mjs'

const modules = join(projectRoot, 'node_modules')
const stampFile = join(modules, '.lifeboat-setup')

/**
 * Installs what the lockfile names, unless it lies there already. Once done, the next call only compares a stamp.
 * @param {NodeJS.ProcessEnv} [env]
 */
export function ensurePackages(env = process.env) {
  const lockfile = read(join(projectRoot, 'package-lock.json'))
  if (lockfile === null)
    throw new SetupProblem(`package-lock.json is missing in ${projectRoot}: this is not a whole checkout.`)
  const stamp = stampOf(lockfile)
  if (read(stampFile) === stamp) return
  const installed = read(join(modules, '.package-lock.json'))
  if (installed === null || !sameVersions(JSON.parse(lockfile), JSON.parse(installed))) install(env)
  ensureToolchainNode()
  mkdirSync(modules, { recursive: true })
  writeFileSync(stampFile, stamp)
}

/** @param {NodeJS.ProcessEnv} env */
function install(env) {
  say('Installing the packages of package-lock.json …')
  // No package here has to compile anything; Node 24's own script is run by name afterwards, so that this works
  // alike with every npm, whether it runs install scripts, asks for them, or blocks them.
  const quiet = env['CI'] ? [] : ['--loglevel=error']
  if (runNpm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...quiet])) return
  throw new SetupProblem('"npm ci" failed; its message is above. Is the npm registry within reach?')
}

/**
 * What the installed packages must match: the lockfile, and the machine they were installed for.
 * @param {string} lockfile
 */
export function stampOf(lockfile) {
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Whether everything that the lockfile requires was installed in the same version. npm keeps its own account of
 * what it installed, which a developer's `npm install` brings up to date together with the lockfile.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 */
export function sameVersions(wanted, installed) {
  return Object.entries(wanted.packages ?? {}).every(([path, locked]) => {
    if (path === '') return true
    const found = installed.packages?.[path]
    // Optional ones are left out where they do not fit the machine.
    if (found === undefined) return locked.optional === true || locked.devOptional === true || locked.peer === true
    // Where npm could not see a package of another platform, the lockfile names its version alone.
    return found.version === locked.version && (locked.integrity === undefined || found.integrity === locked.integrity)
  })
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
