import type { Settings } from '#shared/settings.ts'
import { requireWritableFolder } from '#engine/disk/folder.ts'
import type { Context, Handlers } from './context.ts'

export function settingsHandlers(context: Context): Pick<Handlers, 'settings.get' | 'settings.set'> {
  const { settings } = context.catalogue
  return {
    'settings.get': async () => settings.get(),
    'settings.set': async (change) => {
      const before = settings.get()
      const copiesDir = change.copiesDir
      if (copiesDir) await requireWritableFolder(copiesDir)
      const wanted: Partial<Settings> = { ...definedOnly(change) }
      if (copiesDir !== undefined && copiesDir !== before.copiesDir) {
        // copies that lie in the old folder stay where they are and stay known
        const former = context.copiesDir()
        wanted.formerCopiesDirs = [...new Set([...before.formerCopiesDirs, former])].filter((dir) => dir !== copiesDir)
      }
      const after = settings.set(wanted)
      context.changed('settings')
      return after
    },
  }
}

/** Without the keys whose value is undefined: they mean "leave it". */
function definedOnly<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const key in change) {
    const value = change[key]
    if (value !== undefined) Object.assign(kept, { [key]: value })
  }
  return kept
}
