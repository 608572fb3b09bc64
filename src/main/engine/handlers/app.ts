import Database from 'better-sqlite3'
import { rebuildCatalogue } from '#engine/copies/rebuild.ts'
import type { Context, Handlers } from './context.ts'
import { diagnose } from './doctor.ts'

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
    doctor: async () => [
      { name: 'node', outcome: 'ok', detail: process.versions.node, remedy: null },
      { name: 'catalogue', outcome: 'ok', detail: `SQLite ${sqliteVersion()}, ${context.dataDir}`, remedy: null },
      ...(await diagnose(context)),
    ],
  }
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
