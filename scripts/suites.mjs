// The test runners, and the sum over what they report.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onSomeDisplay } from './display.mjs'
import { projectRoot } from './project.mjs'
import { findRuntime } from './runtime.mjs'
import { toolchainEnv, toolchainNode } from './toolchain.mjs'

/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally */

/**
 * Runs Vitest.
 * @param {{ projects: string[], filters: string[] }} options
 * @returns {Tally}
 */
export function runVitest({ projects, filters }) {
  const report = join(projectRoot, 'test-results', 'vitest.json')
  const args = [
    join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...projects.flatMap((name) => ['--project', name]),
    ...filters,
  ]
  // Vitest colours what goes into a file as well.
  const env = process.stderr.isTTY ? {} : { NO_COLOR: '1' }
  return tallyOf(spawn(toolchainNode(), args, report, env), report, vitestTally)
}

/**
 * Runs Playwright on the built app.
 * @param {{ filters: string[] }} options
 * @returns {Tally}
 */
export function runPlaywright({ filters }) {
  const report = join(projectRoot, 'test-results', 'app.json')
  const cli = join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js')
  const [program, args] = onSomeDisplay(toolchainNode(), [cli, 'test', '--pass-with-no-tests', ...filters])
  const env = { LIFEBOAT_APP_REPORT: report, ...findRuntime()?.env }
  return tallyOf(spawn(program, args, report, env), report, playwrightTally)
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} report
 * @param {NodeJS.ProcessEnv} env
 */
function spawn(program, args, report, env) {
  mkdirSync(dirname(report), { recursive: true })
  // A report left from an earlier run must not be counted for this one.
  rmSync(report, { force: true })
  return spawnSync(program, args, {
    cwd: projectRoot,
    env: { ...toolchainEnv(), ...env },
    stdio: ['ignore', 2, 2],
  }).status
}

/**
 * Reads a report. A runner that ended badly has failed, even where its report counts no failed test:
 * it crashed, or something outside of every test threw.
 * @param {number | null} status
 * @param {string} path
 * @param {(report: any) => Tally} read
 * @returns {Tally}
 */
export function tallyOf(status, path, read) {
  /** @type {Tally} */
  let tally
  try {
    tally = read(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: [] }
  }
  return status === 0 || tally.failed > 0 ? tally : { ...tally, failed: 1 }
}

/**
 * @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} VitestFile
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: VitestFile[] }} report
 * @returns {Tally}
 */
export function vitestTally(report) {
  // A file that could not be loaded has failed with no test of its own.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const skipped = report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length, skipped }
}

/**
 * @typedef {{ suites?: PlaywrightSuite[], specs?: { title: string, tests: { status: string }[] }[] }} PlaywrightSuite
 * @param {{ suites: PlaywrightSuite[], stats: { expected: number, unexpected: number, flaky: number } }} report
 * @returns {Tally}
 */
export function playwrightTally({ suites, stats }) {
  const skipped = specsOf(suites).filter((spec) => spec.tests.some((test) => test.status === 'skipped'))
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: skipped.map((spec) => spec.title) }
}

/**
 * @param {PlaywrightSuite[]} suites
 * @returns {{ title: string, tests: { status: string }[] }[]}
 */
function specsOf(suites) {
  return suites.flatMap((suite) => [...(suite.specs ?? []), ...specsOf(suite.suites ?? [])])
}

/**
 * @param {Tally[]} tallies
 * @returns {Tally}
 */
export function sum(tallies) {
  return {
    passed: tallies.reduce((total, one) => total + one.passed, 0),
    failed: tallies.reduce((total, one) => total + one.failed, 0),
    skipped: tallies.flatMap((one) => one.skipped),
  }
}
