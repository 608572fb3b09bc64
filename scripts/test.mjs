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

const withCheck = process.argv.includes('--with-check')
const paths = process.argv.slice(2).filter((argument) => argument !== '--with-check')
const wanted = (/** @type {string} */ folder) => paths.length === 0 || paths.some((path) => path.startsWith(folder))

/** @type {import('./suites.mjs').Tally[]} */
const tallies = []
/** @type {string[]} */
const notRun = []

try {
  ensurePackages()
  const runtime = await ensureRuntime()
  ensureSystemLibraries(runtime.executable, { virtualDisplay: !hasDisplay(process.env) })
  if (withCheck) tallies.push(checked())
  build({ quiet: true })
  const filters = paths.filter((path) => !path.startsWith('tests/app'))
  if (paths.length === 0 || filters.length > 0) tallies.push(runVitest({ projects: projects(), filters }))
  if (wanted('tests/app'))
    tallies.push(runPlaywright({ filters: paths.filter((path) => path.startsWith('tests/app')) }))
} catch (error) {
  say(
    `\nLifeboat: ${error instanceof SetupProblem ? error.message : String(error instanceof Error ? error.stack : error)}`,
  )
  tallies.push({ passed: 0, failed: 1, skipped: [] })
}
close()

function checked() {
  const { passed, failed } = runChecks()
  return { passed: passed.length, failed: failed.length, skipped: [] }
}

/** Vitest's projects that can run here; those that need the rig only where it is up. */
function projects() {
  if (!wanted('tests/rig') && !wanted('tests/faults')) return ['unit']
  const wish = process.env['LIFEBOAT_RIG'] ?? 'try'
  const problem = wish === 'skip' ? 'LIFEBOAT_RIG=skip asks for that' : rig('up')
  if (problem === null) return ['unit', 'rig', 'faults']
  if (wish === 'require') throw new SetupProblem(`the rig is required and can't be had: ${problem}`)
  notRun.push(`tests/rig and tests/faults, which need the rig: ${problem}`)
  return ['unit']
}

function close() {
  const { passed, failed, skipped } = sum(tallies)
  for (const name of skipped) notRun.push(`skipped: ${name}`)
  if (notRun.length) say(`\nNOT RUN:\n${notRun.map((line) => `  ${line}`).join('\n')}`)
  if (passed + failed === 0) say('\nNo test ran at all.')
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
