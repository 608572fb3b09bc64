// npm run faults: every fault in its full count, against the rig. `npm test` takes a seeded sample of the same.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePackages } from './packages.mjs'
import { projectRoot, runScript, SetupProblem } from './project.mjs'
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
  const named = process.argv.slice(2)
  const filters = named.length > 0 ? named : ['tests/faults', ...campaignsIn('tests/unit'), ...campaignsIn('tests/rig')]
  const { passed, failed } = runVitest({ projects: ['unit', 'rig', 'faults'], filters })
  process.stdout.write(`\n${readFileSync(table, 'utf8')}\n${passed} passed, ${failed} failed\n`)
  return failed > 0 || passed === 0 ? 1 : 0
})

/** Files of a folder whose tests take their counts from a campaign too. */
function campaignsIn(/** @type {string} */ folder) {
  const names = readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
  const tests = names.filter((name) => name.endsWith('.test.ts')).map((name) => join(folder, name))
  return tests.filter((file) => readFileSync(join(projectRoot, file), 'utf8').includes('campaign('))
}
