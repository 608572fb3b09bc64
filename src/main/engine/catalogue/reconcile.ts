import { pinSchema } from '#shared/server.ts'
import { databasesTable } from './databases.ts'
import { pinsTable } from './pins.ts'
import { generationOf, sameProfiles, setGeneration, type Profiles } from './profiles.ts'
import { addRename, listRenames } from './renames.ts'
import { serversTable, type Keep } from './servers.ts'
import { settingsTable } from './settings.ts'
import type { Store } from './store.ts'

/** What profiles.json gave. */
export type Kept =
  { kind: 'none' } | { kind: 'read'; profiles: Profiles; untouched: boolean } | { kind: 'unreadable'; reason: string }

type State = { existed: boolean; damage: string | null }

// inside a transaction of its own; the file is written once at the end
const keep: Keep = (change) => change()
const noRenames = { server() {}, database() {} }

/** All that a person typed, as the catalogue has it. */
export function profilesIn(store: Store): Profiles {
  return {
    lifeboat: 1,
    generation: generationOf(store),
    servers: serversTable(store, keep, noRenames).list(),
    databases: databasesTable(store, keep, noRenames).list(),
    pins: pinsTable(store, keep)
      .list()
      .map((pin) => pinSchema.parse(pin)),
    renames: listRenames(store),
    settings: settingsTable(store, keep).get(),
  }
}

/**
 * Catalogue and profiles.json tell the same; when not, the one with more changes wins.
 * A catalogue that lost its latest transactions (its WAL file was removed) is told from its smaller generation.
 */
export function reconcile(
  store: Store,
  kept: Kept,
  { existed, damage }: State,
): { rebuilt: string | null; writeFile: boolean } {
  const mine = generationOf(store)
  const begin = damage === null ? null : `The catalogue was damaged (${damage}).`
  switch (kept.kind) {
    case 'none':
      return {
        rebuilt: begin && `${begin} There was no profiles.json: servers and settings have to be added again.`,
        writeFile: mine > 0,
      }
    case 'unreadable': {
      const lost = `profiles.json can not be read (${kept.reason})`
      if (begin === null && mine > 0) return { rebuilt: null, writeFile: true }
      return {
        rebuilt: `${begin ?? 'The catalogue was missing.'} ${lost}: servers and settings have to be added again.`,
        writeFile: false,
      }
    }
    case 'read':
      break
  }
  if (kept.profiles.generation <= mine) {
    return { rebuilt: null, writeFile: !sameProfiles(kept.profiles, profilesIn(store)) }
  }
  try {
    store.write(() => bringBack(store, kept.profiles))
  } catch (error) {
    // edited by hand into something that can not be, such as two servers of one name
    const reason = error instanceof Error ? error.message : String(error)
    return reconcile(store, { kind: 'unreadable', reason }, { existed, damage })
  }
  // the very last change was under way when its process died: it is done now, and there is nothing to tell
  if (begin === null && existed && kept.profiles.generation === mine + 1) return { rebuilt: null, writeFile: false }
  const reason = begin ?? (existed ? 'The catalogue had lost its latest changes.' : 'The catalogue was missing.')
  return { rebuilt: `${reason} It was made anew from profiles.json and from the copies themselves.`, writeFile: false }
}

/** Makes the catalogue's servers, databases, pins and settings those of the file. */
function bringBack(store: Store, profiles: Profiles): void {
  for (const table of ['databases', 'servers', 'pins', 'renames', 'settings']) store.run(`DELETE FROM ${table}`)
  const servers = serversTable(store, keep, noRenames)
  const databases = databasesTable(store, keep, noRenames)
  const pins = pinsTable(store, keep)
  profiles.servers.forEach(servers.insert)
  profiles.databases.forEach(databases.insert)
  profiles.pins.forEach(pins.add)
  for (const rename of profiles.renames) addRename(store, rename)
  settingsTable(store, keep).set(profiles.settings)
  setGeneration(store, profiles.generation)
}
