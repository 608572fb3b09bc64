import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { playwrightTally, sum, tallyOf, vitestTally } from '../../../scripts/suites.mjs'

const file = (status: string, tests: [name: string, status: string][]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map(([fullName, result]) => ({ fullName, status: result })),
})

describe('the sum over the test runners', () => {
  let folder: string
  let report: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lifeboat-report-'))
    report = join(folder, 'report.json')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const clean = { numPassedTests: 2, numFailedTests: 0, testResults: [file('passed', [['a', 'passed']])] }

  it('counts what passed and failed, and names what was skipped', () => {
    const tests = file('failed', [
      ['a', 'passed'],
      ['b', 'failed'],
      ['c', 'skipped'],
      ['d', 'todo'],
    ])
    expect(vitestTally({ numPassedTests: 1, numFailedTests: 1, testResults: [tests] })).toEqual({
      passed: 1,
      failed: 1,
      skipped: ['c', 'd'],
    })
  })

  it('counts a file that could not even be loaded as a failure', () => {
    expect(vitestTally({ numPassedTests: 0, numFailedTests: 0, testResults: [file('failed', [])] }).failed).toBe(1)
  })

  it('counts a window test that passed only at the second try as a failure', () => {
    expect(playwrightTally({ suites: [], stats: { expected: 3, unexpected: 1, flaky: 1 } })).toMatchObject({
      passed: 3,
      failed: 2,
    })
  })

  it('finds skipped window tests inside of groups', () => {
    const suites = [{ suites: [{ specs: [{ title: 'deep', tests: [{ status: 'skipped' }] }] }] }]
    expect(playwrightTally({ suites, stats: { expected: 0, unexpected: 0, flaky: 0 } }).skipped).toEqual(['deep'])
  })

  it('is red when a runner crashed after a report without failures', () => {
    writeFileSync(report, JSON.stringify(clean))
    expect(tallyOf(1, report, vitestTally)).toMatchObject({ passed: 2, failed: 1 })
    expect(tallyOf(null, report, vitestTally).failed).toBe(1)
    expect(tallyOf(0, report, vitestTally).failed).toBe(0)
  })

  it('is red when a runner ended well and left no report, or a cut one', () => {
    expect(tallyOf(0, report, vitestTally).failed).toBe(1)
    writeFileSync(report, JSON.stringify(clean).slice(0, -5))
    expect(tallyOf(0, report, vitestTally).failed).toBe(1)
  })

  it('adds up', () => {
    const one = { passed: 1, failed: 0, skipped: ['a'] }
    expect(sum([one, { passed: 2, failed: 3, skipped: ['b'] }])).toEqual({ passed: 3, failed: 3, skipped: ['a', 'b'] })
  })
})
