// npm test: sets up whatever is missing, builds, brings up the rig where it can be had, and runs every test.
// `npm test -- PATH…` runs only the tests under those paths. The last line of stdout is "N passed, N failed".
import { build } from './build.mjs'
import { runChecks } from './check.mjs'
import { hasDisplay } from './display.mjs'
import { ensurePackages } from './packages.mjs'
import { say, SetupProblem } from './project.mjs'
import { rig } from './rig.mjs'
import { ensureRuntime } from './runtime.mjs'
import { runPlaywright, runVitest, sum } from './suites.mjs'
import { ensureSystemLibraries } from './system-libraries.mjs'

const CHECK = '--with-check'
const paths = process.argv.slice(2).filter((argument) => argument !== CHECK)
const appPaths = paths.filter((path) => path.startsWith('tests/app'))
const otherPaths = paths.filter((path) => !appPaths.includes(path))
const all = paths.length === 0

/** @type {import('./suites.mjs').Tally[]} */
const tallies = []
/** @type {string[]} */
const notRun = []

if (await attempt(ensurePackages)) {
  if (process.argv.includes(CHECK)) await attempt(check)
  if (all || otherPaths.length > 0) await attempt(testWithoutWindow)
  if (all || appPaths.length > 0) await attempt(testWindow)
}
close()

/** What breaks outside of every test counts as one failure, and does not keep the rest from running. */
async function attempt(/** @type {() => void | Promise<void>} */ part) {
  try {
    await part()
    return true
  } catch (error) {
    const what = error instanceof SetupProblem ? error.message : error instanceof Error ? error.stack : String(error)
    say(`\nLifeboat: ${what}`)
    tallies.push({ passed: 0, failed: 1, skipped: [] })
    return false
  }
}

function check() {
  const { passed, failed } = runChecks()
  tallies.push({ passed: passed.length, failed: failed.length, skipped: [] })
}

async function testWithoutWindow() {
  tallies.push(runVitest({ projects: await projects(), filters: otherPaths }))
}

async function testWindow() {
  const runtime = await ensureRuntime()
  ensureSystemLibraries(runtime.executable, { virtualDisplay: !hasDisplay(process.env) })
  build({ quiet: true })
  tallies.push(runPlaywright({ filters: appPaths }))
}

/** Vitest's projects that can run here: those that need the rig, only where it stands. */
async function projects() {
  const needRig = ['tests/rig', 'tests/faults']
  if (!all && !otherPaths.some((path) => needRig.some((folder) => path.startsWith(folder) || folder.startsWith(path))))
    return ['unit']
  const wish = process.env['LIFEBOAT_RIG'] ?? 'try'
  const problem = wish === 'skip' ? 'LIFEBOAT_RIG=skip asks for that' : await rig('up')
  if (problem === null) return ['unit', 'rig', 'faults']
  notRun.push(`${needRig.join(' and ')}, which need the rig: ${problem}`)
  if (wish === 'require') tallies.push({ passed: 0, failed: 1, skipped: [] })
  return ['unit']
}

function close() {
  const { passed, failed, skipped } = sum(tallies)
  for (const name of skipped) notRun.push(`skipped: ${name}`)
  if (notRun.length > 0) say(`\nNOT RUN:\n${notRun.map((line) => `  ${line}`).join('\n')}`)
  if (passed + failed === 0) say('\nNo test ran at all.')
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
