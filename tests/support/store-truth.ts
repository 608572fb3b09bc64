import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect } from 'vitest'
import { openCatalogue } from '#engine/catalogue/open.ts'
import { readManifest } from '#engine/copies/manifest.ts'
import { recoverStore } from '#engine/copies/recover.ts'

export type Found = {
  /** names of the files of all copies */
  names: string[]
  rebuilt: string | null
  servers: string[]
  jobStates: string[]
}

/**
 * Starts anew after whatever has happened, and demands of the store what must hold always: every copy in the list is
 * whole and says so truly, everything that lies in the folders is in the list, nothing half is left.
 */
export async function startAnew(dataDir: string, copiesDir: string): Promise<Found> {
  const { catalogue, rebuilt } = openCatalogue(dataDir, { now: () => new Date() })
  try {
    const { problems } = await recoverStore({
      catalogue,
      copiesDirs: [copiesDir],
      isAlive: () => false,
      now: () => new Date(),
    })
    expect(problems).toEqual([])
    const { copies } = catalogue.copies.list({ sort: 'taken', descending: true, offset: 0, limit: 20_000 })
    for (const copy of copies) {
      const bytes = readFileSync(copy.file)
      expect(createHash('sha256').update(bytes).digest('hex'), copy.file).toBe(copy.sha256)
      expect(copy, copy.file).toMatchObject({ face: 'proven', rung: 'readable', bytes: bytes.length })
      const manifest = await readManifest(copy.file.replace(/\.sql(?:\.gz)?$/, '.manifest.json'))
      expect(manifest).toMatchObject({ id: copy.id, file: basename(copy.file), sha256: copy.sha256 })
    }
    const files = filesBelow(copiesDir)
    expect(files.filter((file) => basename(file).startsWith('.'))).toEqual([])
    expect(files.filter((file) => file.includes('.sql')).sort()).toEqual(copies.map(({ file }) => file).sort())
    for (const folder of new Set(copies.map(({ file }) => dirname(file)))) {
      const sums = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })
      expect(sums.status, sums.stderr).toBe(0)
    }
    if (copies.length > 0) expect(readFileSync(join(copiesDir, 'READ-ME-FIRST.txt'), 'utf8')).toContain('Newest copy')
    expect(readdirSync(dataDir).filter((name) => name.startsWith('.lifeboat'))).toEqual([])
    return {
      names: copies.map(({ file }) => basename(file)).sort(),
      rebuilt,
      servers: catalogue.servers.list().map(({ name }) => name),
      jobStates: catalogue.jobs.list(100).map(({ state }) => state),
    }
  } finally {
    catalogue.close()
  }
}

function filesBelow(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return lstatSync(path).isDirectory() ? filesBelow(path) : [path]
  })
}
