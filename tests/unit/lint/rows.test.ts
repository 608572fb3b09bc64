import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { roomOf, whyNotRoom } from '../../../scripts/lint/rows.mjs'
import { projectRoot } from '../../../scripts/project.mjs'
import { lint } from './house.ts'

const engine = 'src/main/engine'

/** What is wrong, the file that does it, what it imports. */
const forbidden: [what: string, path: string, target: string][] = [
  ['a row that looks up', `${engine}/copies/up.ts`, '#engine/backup/take-dump.ts'],
  ['a row that looks up to the handlers', `${engine}/jobs/up.ts`, '#engine/handlers/job.ts'],
  ['a row that looks sideways at the top', `${engine}/backup/sideways.ts`, '#engine/servers/test.ts'],
  ['a row that looks sideways in the middle', `${engine}/catalogue/sideways.ts`, '#engine/copies/commit.ts'],
  ['a row that looks sideways at the bottom', `${engine}/dump/sideways.ts`, '#engine/ssh/run.ts'],
  ['the same by a relative path', `${engine}/dump/relative.ts`, '../ssh/run.ts'],
  ['the same from a folder further down', `${engine}/dump/sql/relative.ts`, '../../ssh/run.ts'],
  ['a room that knows the engine’s entry', `${engine}/backup/entry.ts`, '../index.ts'],
  ['a room that has no row', `${engine}/cellar/lost.ts`, '#shared/failure.ts'],
  ['the engine that knows Electron', `${engine}/servers/electron.ts`, 'electron'],
  ['the engine that knows the shell', `${engine}/host/shell.ts`, '../../shell/window.ts'],
  ['the engine that knows the window', `${engine}/index.ts`, '../../renderer/bridge.ts'],
  ['the terminal that knows Electron', 'src/main/cli/electron.ts', 'electron/main'],
  ['the shell that contains the engine', 'src/main/shell/engine.ts', '#engine/backup/take-dump.ts'],
  ['the shell that contains the engine’s adapter', 'src/main/shell/adapter.ts', '#engine/host/port.ts'],
  ['the window that contains the engine', 'src/renderer/engine.ts', '#engine/copies/commit.ts'],
  ['the window that knows the shell', 'src/renderer/screens/copies/shell.ts', '../../../main/shell/window.ts'],
  ['the window that knows Electron', 'src/renderer/electron.ts', 'electron'],
  ['the window that knows Node', 'src/renderer/node.ts', 'node:fs'],
  ['the window that knows SQLite', 'src/renderer/sqlite.ts', 'better-sqlite3'],
  ['the preload that brings a package along', 'src/preload/package.ts', 'zod'],
  ['shared words that know Node', 'src/shared/node.ts', 'node:path'],
  ['shared words that know another package', 'src/shared/package.ts', 'react'],
  ['shared words that know the engine', 'src/shared/engine.ts', '../main/engine/jobs/run.ts'],
]

/** Every other way of importing, from a room that may not. */
const waysAround: [what: string, path: string, source: string][] = [
  ['a re-export', `${engine}/copies/re-export.ts`, `export { x } from '#engine/handlers/job.ts'\n`],
  ['a re-export of all', `${engine}/copies/all.ts`, `export * from '#engine/handlers/job.ts'\n`],
  ['a late import', `${engine}/copies/late.ts`, `export const x = (): unknown => import('#engine/handlers/job.ts')\n`],
  ['a type', `${engine}/copies/type.ts`, `import type { X } from '#engine/handlers/job.ts'\n\nexport type Y = X\n`],
  ['a type in place', `${engine}/copies/in-place.ts`, `export type Y = import('#engine/handlers/job.ts').X\n`],
  ['a type that is not the adapter’s', 'src/main/shell/type.ts', `export type Y = import('#engine/jobs/run.ts').X\n`],
]

const clocks: [what: string, path: string, source: string][] = [
  ['Date.now()', `${engine}/servers/now.ts`, 'export const at = Date.now()\n'],
  ['new Date()', `${engine}/backup/new.ts`, 'export const at = new Date()\n'],
  ['Date()', `${engine}/copies/call.ts`, 'export const at = Date()\n'],
  ['a clock by another name', `${engine}/copies/renamed.ts`, 'export const clock = Date.now\n'],
]

/** A file, and what it may import. */
const allowed: [path: string, targets: string[]][] = [
  [`${engine}/handlers/a.ts`, ['#engine/backup/b.ts', '#engine/catalogue/b.ts', '#engine/ssh/b.ts', '#shared/job.ts']],
  [`${engine}/servers/a.ts`, ['#engine/copies/b.ts', '#engine/docker/b.ts', './b.ts', 'zod', 'node:fs']],
  [`${engine}/dump/sql/a.ts`, ['../lexer.ts', '#shared/dump-report.ts', 'node:zlib']],
  [`${engine}/index.ts`, ['./handlers/job.ts', '#engine/host/port.ts', './backup/take-dump.ts']],
  ['src/main/cli/words/a.ts', ['../exit.ts', '#engine/index.ts', '#engine/dump/lexer.ts']],
  ['src/main/shell/a.ts', ['electron', 'node:path', './window.ts', '#shared/contract.ts']],
  ['src/main/index.ts', ['electron', './shell/window.ts']],
  ['src/preload/index.ts', ['electron', '#shared/bridge.ts']],
  ['src/renderer/screens/copies/a.ts', ['react', '../../bridge.ts', '#shared/copy.ts']],
  ['src/shared/a.ts', ['zod', './failure.ts']],
]

const adapterType = `import type { X } from '#engine/host/port.ts'\n\nexport type Y = X\n`
const givenTime = 'export const at = (text: string): Date => new Date(text)\n'
const careless = `
async function work(): Promise<void> {}
export function start(kind: 'a' | 'b', input: any): void {
  work()
  console.log(input)
  switch (kind) {
    case 'a':
      return
  }
}
`

const importsAll = (targets: string[]): string => {
  const imports = targets.map((target, n) => `import { x as x${n} } from '${target}'`)
  return `${imports.join('\n')}\n\nexport const all: unknown[] = [${targets.map((_, n) => `x${n}`).join(', ')}]\n`
}

describe('the lint of the house', () => {
  let red: Map<string, string[]>
  let green: Map<string, string[]>
  beforeAll(() => {
    red = lint({
      ...Object.fromEntries(forbidden.map(([, path, target]) => [path, importsAll([target])])),
      ...Object.fromEntries([...waysAround, ...clocks].map(([, path, source]) => [path, source])),
      [`${engine}/jobs/careless.ts`]: careless,
    })
    green = lint({
      ...Object.fromEntries(allowed.map(([path, targets]) => [path, importsAll(targets)])),
      'src/main/shell/adapter.ts': adapterType,
      [`${engine}/copies/given-time.ts`]: givenTime,
    })
  })

  it.each(forbidden)('is red for %s', (_, path) => expect(red.get(path)).toContain('house(rows)'))
  it.each(waysAround)('is red for %s', (_, path) => expect(red.get(path)).toContain('house(rows)'))
  it.each(clocks)('is red for %s in the domain', (_, path) => expect(red.get(path)).toContain('house(clock)'))

  it.each(['no-explicit-any', 'no-floating-promises', 'no-console', 'switch-exhaustiveness-check'])(
    'is red for %s',
    (rule) => {
      expect(red.get(`${engine}/jobs/careless.ts`)).toContainEqual(expect.stringContaining(rule))
    },
  )

  it.each(allowed)('is green for what %s may import', (path) => {
    expect(green.get(path)?.filter((rule) => rule.startsWith('house'))).toEqual([])
  })

  it('lets the shell name the types of the engine’s adapter', () => {
    expect(green.get('src/main/shell/adapter.ts')).toEqual([])
  })

  it('lets the domain read a time that it was given', () => {
    expect(green.get(`${engine}/copies/given-time.ts`)).toEqual([])
  })
})

it('every room that stands in the engine has a row', () => {
  const entries = readdirSync(join(projectRoot, engine), { withFileTypes: true })
  const rooms = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => roomOf(`main/engine/${entry.name}/a.ts`) ?? '')
  expect(rooms.filter((room) => whyNotRoom(room, 'shared', false) !== null)).toEqual([])
})
