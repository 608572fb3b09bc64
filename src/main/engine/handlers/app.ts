import Database from 'better-sqlite3'
import { access, constants } from 'node:fs/promises'
import { rebuildCatalogue } from '#engine/copies/rebuild.ts'
import { freeBytes } from '#engine/disk/space.ts'
import { findProgram } from '#engine/disk/programs.ts'
import type { Output } from '#shared/contract.ts'
import type { Context, Handlers } from './context.ts'

export function appHandlers(context: Context): Pick<Handlers, 'app.facts' | 'catalogue.rebuild' | 'doctor'> {
  return {
    'app.facts': async () => ({
      version: context.version,
      dataDir: context.dataDir,
      copiesDir: context.copiesDir(),
      sqlite: sqliteVersion(),
      node: process.versions.node,
      keychain: await context.keychain.status(),
      rebuilt: context.rebuilt,
    }),
    'catalogue.rebuild': async () => {
      const result = await rebuildCatalogue(context.catalogue, [
        context.copiesDir(),
        ...context.catalogue.settings.get().formerCopiesDirs,
      ])
      context.changed('copy')
      return result
    },
    doctor: () => diagnose(context),
  }
}

type Diagnosis = Output<'doctor'>[number]

const lowSpace = 2e9

/** What Lifeboat needs on this computer, looked at one by one. A missing program is told with what it would be good for. */
async function diagnose(context: Context): Promise<Diagnosis[]> {
  const copiesDir = context.copiesDir()
  const free = await freeBytes(copiesDir)
  const writable = await isWritable(copiesDir)
  const keychain = await context.keychain.status()
  const programs: [name: string, use: string][] = [
    ['ssh', 'reads ~/.ssh/config as ssh itself does'],
    ['docker', 'will restore copies in a sandbox'],
    ['gpg', 'opens sealed archives without Lifeboat'],
  ]
  const found = await Promise.all(
    programs.map(async ([name, use]): Promise<Diagnosis> => {
      const path = await findProgram(name)
      if (path) return { name, outcome: 'ok', detail: path, remedy: null }
      return { name, outcome: 'missing', detail: `not found; it ${use}`, remedy: `Install ${name} if you want that.` }
    }),
  )
  return [
    { name: 'node', outcome: 'ok', detail: process.versions.node, remedy: null },
    { name: 'catalogue', outcome: 'ok', detail: `SQLite ${sqliteVersion()}, ${context.dataDir}`, remedy: null },
    writable
      ? { name: 'copies', outcome: 'ok', detail: copiesDir, remedy: null }
      : {
          name: 'copies',
          outcome: 'problem',
          detail: `${copiesDir} can not be written`,
          remedy: 'Choose another folder.',
        },
    free > lowSpace
      ? { name: 'disk', outcome: 'ok', detail: `${(free / 1e9).toFixed(1)} GB free`, remedy: null }
      : { name: 'disk', outcome: 'problem', detail: `${(free / 1e9).toFixed(1)} GB free`, remedy: 'Free some space.' },
    keychain === 'available'
      ? { name: 'keychain', outcome: 'ok', detail: 'secrets can be kept', remedy: null }
      : { name: 'keychain', outcome: 'missing', detail: 'secrets are asked for each time', remedy: null },
    ...found,
  ]
}

async function isWritable(dir: string): Promise<boolean> {
  return access(dir, constants.W_OK).then(
    () => true,
    () => false,
  )
}

function sqliteVersion(): string {
  const memory = new Database(':memory:')
  try {
    const version: unknown = memory.prepare('select sqlite_version()').pluck().get()
    return String(version)
  } finally {
    memory.close()
  }
}
