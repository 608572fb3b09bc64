import { rmSync } from 'node:fs'
import { benchBackup } from './backup.ts'
import { benchBrowse } from './browse.ts'
import { benchCatalogue } from './catalogue.ts'
import { tableOf, type Figure } from './measure.ts'
import { scratch } from './on-rig.ts'
import { benchPull } from './pull.ts'
import { benchMemory, benchReader } from './reader.ts'
import { benchSource } from './source.ts'
import { benchVault } from './vault.ts'
import { benchVerify } from './verify.ts'
import { benchWindow } from './window.ts'

// npm run bench [NAME…]: each figure beside what it is to be compared with, measured in turn in the same run.
const benches: Record<string, () => Promise<Figure[]>> = {
  backup: benchBackup,
  source: benchSource,
  reader: benchReader,
  memory: benchMemory,
  pull: benchPull,
  verify: benchVerify,
  browse: benchBrowse,
  catalogue: benchCatalogue,
  vault: benchVault,
  window: benchWindow,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}

const figures: Figure[] = []
let broken = false
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    process.stderr.write(`${name} …\n`)
    try {
      figures.push(...(await bench()))
    } catch (error) {
      broken = true
      process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : String(error)}\n`)
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.stdout.write(`${tableOf(figures)}\n`)
process.exit(broken || figures.some((figure) => !figure.reached) ? 1 : 0)
