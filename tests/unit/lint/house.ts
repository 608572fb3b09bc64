import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../../../scripts/project.mjs'

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
})

/**
 * Lints files with the project's own settings, in an empty house of their own.
 * Gives the rules that each file broke, by its path; a clean file has an empty list.
 */
export function lint(files: Record<string, string>): Map<string, string[]> {
  const house = mkdtempSync(join(tmpdir(), 'lifeboat-house-'))
  try {
    for (const part of ['.oxlintrc.json', 'scripts/lint', 'package.json', 'tsconfig.json'])
      cpSync(join(projectRoot, part), join(house, part), { recursive: true })
    symlinkSync(join(projectRoot, 'node_modules'), join(house, 'node_modules'))
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(dirname(join(house, path)), { recursive: true })
      writeFileSync(join(house, path), source)
    }
    const oxlint = join(projectRoot, 'node_modules', 'oxlint', 'bin', 'oxlint')
    const done = spawnSync(process.execPath, [oxlint, '--format=json', 'src'], { cwd: house, encoding: 'utf8' })
    const { diagnostics } = reportSchema.parse(JSON.parse(done.stdout))
    if (done.status !== (diagnostics.length > 0 ? 1 : 0))
      throw new Error(`oxlint ended with ${done.status}: ${done.stderr}`)
    const broken = (path: string): string[] => diagnostics.filter((one) => one.filename === path).map((one) => one.code)
    return new Map(Object.keys(files).map((path) => [path, broken(path)]))
  } finally {
    rmSync(house, { recursive: true, force: true })
  }
}
