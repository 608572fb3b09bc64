// What Electron and the tests need of a Linux system. Elsewhere there is nothing to do.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, say, SetupProblem } from './project.mjs'

/** Debian's and Ubuntu's packages; newer releases renamed some of them. */
const LIBRARIES = ['libgtk-3-0t64|libgtk-3-0', 'libnss3', 'libasound2t64|libasound2', 'libgbm1']
const DISPLAY = ['xvfb', 'xauth']
const CHINESE_FONTS = ['fonts-noto-cjk']

/**
 * @typedef {object} Need
 * @property {string} what in words
 * @property {string[]} packages
 * @property {boolean} must whether Lifeboat can't start without it
 */

/**
 * Sees that Electron can start: installs what is missing where this is allowed, else names the exact command.
 * @param {string} executable the Electron that has to start
 * @param {{ virtualDisplay: boolean }} options whether a virtual display must be had as well
 */
export function ensureSystemLibraries(executable, { virtualDisplay }) {
  if (process.platform !== 'linux') return
  const needs = findNeeds(executable, virtualDisplay)
  if (needs.length === 0) return
  const root = process.getuid?.() === 0
  const debian = inPath('apt-get')
  if (root && debian) return installAll(needs)
  const advice = adviceFor(needs, { debian, pick: availablePackage })
  if (needs.some((need) => need.must)) throw new SetupProblem(advice)
  say(advice)
}

/**
 * The sentence for a person who has to install something.
 * @param {Need[]} needs
 * @param {{ debian: boolean, pick: (alternatives: string) => string }} system
 */
export function adviceFor(needs, { debian, pick }) {
  const what = needs.map((need) => need.what).join('; ')
  if (!debian) return `this system lacks ${what}. Install them with your system's package manager and start again.`
  const packages = needs.flatMap((need) => need.packages).map(pick)
  return `this system lacks ${what}. Install them with\n\n  sudo apt-get install --no-install-recommends ${packages.join(' ')}\n\nand start again.`
}

/**
 * @param {string} executable
 * @param {boolean} virtualDisplay
 * @returns {Need[]}
 */
function findNeeds(executable, virtualDisplay) {
  const missing = missingLibraries(executable)
  return [
    ...(missing.length
      ? [{ what: `libraries of Electron (${missing.join(', ')})`, packages: LIBRARIES, must: true }]
      : []),
    ...(virtualDisplay && !inPath('xvfb-run')
      ? [{ what: 'a virtual display (xvfb-run)', packages: DISPLAY, must: true }]
      : []),
    ...(hasChineseFont() ? [] : [{ what: 'a font with Chinese characters', packages: CHINESE_FONTS, must: false }]),
  ]
}

/** @param {Need[]} needs */
function installAll(needs) {
  say(`Installing ${needs.map((need) => need.what).join('; ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another installation may be under way: wait for it.
  const wait = ['-o', 'DPkg::Lock::Timeout=600', '-qq']
  run('apt-get', ['update', ...wait], { env, quiet: true })
  const packages = needs.flatMap((need) => need.packages).map(availablePackage)
  if (run('apt-get', ['install', '-y', '--no-install-recommends', ...wait, ...packages], { env, quiet: true })) return
  if (needs.some((need) => need.must))
    throw new SetupProblem(`apt-get could not install ${packages.join(' ')}; its message is above.`)
}

/**
 * The first of "new|old" that this release of the system knows.
 * @param {string} alternatives
 */
function availablePackage(alternatives) {
  const names = alternatives.split('|')
  const known = names.find((name) => /Candidate: \d/.test(output('apt-cache', ['policy', name])))
  return known ?? names[names.length - 1] ?? alternatives
}

/**
 * The shared libraries that the loader does not find, by their names.
 * @param {string} executable
 */
function missingLibraries(executable) {
  const lines = output('ldd', [executable]).split('\n')
  return lines.flatMap((line) => /^\s*(\S+) => not found/.exec(line)?.[1] ?? [])
}

function hasChineseFont() {
  if (inPath('fc-list')) return output('fc-list', [':lang=zh', 'file']).trim() !== ''
  const folder = '/usr/share/fonts'
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some((name) => /cjk|wqy|droidsansfallback/i.test(String(name)))
  )
}

/** @param {string} program */
export function inPath(program) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)))
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function output(program, args) {
  return spawnSync(program, args, { encoding: 'utf8' }).stdout ?? ''
}
