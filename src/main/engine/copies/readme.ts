import { relative, sep } from 'node:path'
import { printable } from '#shared/name.ts'
import type { CopyRow, Needs } from '#shared/copy.ts'
import { english } from './readme-en.ts'
import { chinese } from './readme-zh.ts'
import type { Guide, GuideRow } from './shelf.ts'

/** One database's part of READ-ME-FIRST.txt, in words that both languages share. */
export type Recipe = {
  title: string
  takenAt: string
  file: string
  /** what Lifeboat knows of this copy */
  state: 'good' | 'unproven' | 'damaged'
  /** a newer copy than this one is damaged */
  newerIsDamaged: boolean
  verify: string
  start: string
  roles: string | null
  /** some of the roles must be superusers */
  superusers: boolean
  extensions: string[]
  settings: string[] | null
  load: string
  serverVersion: string | null
}

/** The words of one language. */
export type ReadmeWords = {
  intro: string[]
  none: string
  recipe(recipe: Recipe): string[]
  outro: string[]
}

/**
 * READ-ME-FIRST.txt: how to restore without Lifeboat, for the newest copy of each database that can be counted on.
 * The same for the same copies, so that it is written only when something has changed.
 */
export function readmeText(guides: readonly Guide[], copiesDir: string): string {
  const recipes = guides.flatMap((guide) => {
    const chosen = guide.good ?? guide.newest
    const file = inside(copiesDir, chosen.copy.file)
    return file === null ? [] : [recipeOf(guide, chosen, file)]
  })
  const inLanguage = (words: ReadmeWords): string[] => [
    ...words.intro,
    '',
    ...(recipes.length === 0 ? [words.none, ''] : recipes.flatMap((recipe) => [...words.recipe(recipe), ''])),
    ...words.outro,
  ]
  return `${[...inLanguage(english), '', '='.repeat(78), '', ...inLanguage(chinese)].join('\n')}\n`
}

/** With slashes, because the commands are for a POSIX shell. Null for a copy in a folder that was used before. */
function inside(copiesDir: string, file: string): string | null {
  const path = relative(copiesDir, file)
  return path === '' || path.startsWith('..') ? null : path.split(sep).join('/')
}

function recipeOf(guide: Guide, { copy, needs, compression, format }: GuideRow, file: string): Recipe {
  const folder = file.split('/').slice(0, -1).join('/')
  const roles = rolesOf(needs)
  const major = /^\d+/.exec(copy.serverVersion ?? copy.dumpVersion ?? '')?.[0] ?? 'latest'
  return {
    title: printable(`${guide.server}/${guide.label}`),
    takenAt: copy.takenAt,
    file,
    state: stateOf(copy),
    newerIsDamaged: guide.newest.copy.id !== copy.id && guide.newest.copy.face === 'damaged',
    verify: `(cd ${quote(`./${folder}`)} && grep -F -- ${quote(`  ${fileName(file)}`)} SHA256SUMS | sha256sum -c -)`,
    start: `docker run -d --name lifeboat-restore -e POSTGRES_PASSWORD=change-me postgres:${major}`,
    roles,
    superusers: roles?.includes('" SUPERUSER;') ?? false,
    extensions: needs.extensions.map(printable),
    settings: needs.settings?.map(printable) ?? null,
    load: `${openerOf(compression)} ${quote(`./${file}`)} | docker exec -i lifeboat-restore ${loaderOf(format)}`,
    serverVersion: copy.serverVersion === null ? null : printable(copy.serverVersion),
  }
}

function stateOf({ face, rung }: CopyRow): Recipe['state'] {
  if (face === 'damaged') return 'damaged'
  return face === 'proven' && rung !== null && rung !== 'stored' ? 'good' : 'unproven'
}

function openerOf(compression: string): string {
  if (compression === 'zstd') return 'zstd -dc'
  return compression === 'gzip' ? 'gunzip -c' : 'cat'
}

function loaderOf(format: string): string {
  if (format === 'custom' || format === 'tar') return 'pg_restore -U postgres --exit-on-error -d restored'
  return 'psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -U postgres -d restored'
}

/** `postgres` and PostgreSQL's own `pg_…` roles are there already. */
function rolesOf({ roles, superusers = [] }: Needs): string | null {
  const wanted = roles.filter((role) => role !== 'postgres' && !role.startsWith('pg_') && printable(role) === role)
  if (wanted.length === 0) return null
  const power = (role: string): string => (superusers.includes(role) ? ' SUPERUSER' : '')
  const sql = wanted.map((role) => `CREATE ROLE "${role.replaceAll('"', '""')}"${power(role)};`).join(' ')
  return `docker exec lifeboat-restore psql -X -v ON_ERROR_STOP=1 -U postgres -c ${quote(sql)}`
}

/** One word for a POSIX shell. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
