// npm run faults: every fault in its full count, against the rig. `npm test` takes a seeded sample of the same.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePackages } from './packages.mjs'
import { runScript, SetupProblem } from './project.mjs'
import { rig } from './rig.mjs'
import { runVitest } from './suites.mjs'

await runScript(async () => {
  ensurePackages()
  const problem = await rig('up')
  if (problem !== null) throw new SetupProblem(`the faults need the rig, and it can't be had: ${problem}`)
  process.env['LIFEBOAT_FAULTS'] = 'full'
  const table = join(mkdtempSync(join(tmpdir(), 'lifeboat-faults-')), 'table.md')
  writeFileSync(table, '| fault | tries | what came out | time | counts |\n| --- | --- | --- | --- | --- |\n')
  process.env['LIFEBOAT_FAULTS_TABLE'] = table
  const { passed, failed } = runVitest({ projects: ['faults'], filters: process.argv.slice(2) })
  process.stdout.write(`\n${readFileSync(table, 'utf8')}\n${passed} passed, ${failed} failed\n`)
  return failed > 0 || passed === 0 ? 1 : 0
})
