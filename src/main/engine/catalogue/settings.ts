import { defaultSettings, settingsSchema, type Settings } from '#shared/settings.ts'
import type { Keep } from './servers.ts'
import type { Store } from './store.ts'

export type SettingsTable = ReturnType<typeof settingsTable>

export function settingsTable(store: Store, keep: Keep) {
  const get = (): Settings => {
    const row = store.get<{ settings: string }>('SELECT settings FROM settings')
    return row ? settingsSchema.parse(JSON.parse(row.settings)) : defaultSettings
  }
  return {
    get,
    /** @returns the settings as they are now; what the change does not name stays */
    set(change: Partial<Settings>): Settings {
      return keep(() => {
        const after = settingsSchema.parse({ ...get(), ...change })
        store.run('INSERT OR REPLACE INTO settings VALUES (1, ?)', JSON.stringify(after))
        return after
      })
    },
  }
}
