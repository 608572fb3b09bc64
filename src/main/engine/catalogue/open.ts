import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { diskFailure } from '#engine/disk/failure.ts'
import { sweepTemporaryNow } from '#engine/disk/file.ts'
import { copiesTable, type Copies } from './copies.ts'
import { databasesTable, type Databases } from './databases.ts'
import { driftsTable, type Drifts } from './drifts.ts'
import { jobsTable, type JobsTable } from './jobs.ts'
import { pinsTable, type Pins } from './pins.ts'
import { readProfiles, replaceProfiles, setGeneration, writeProfiles } from './profiles.ts'
import { profilesIn, reconcile, type Kept } from './reconcile.ts'
import { addRename, listRenames, namesToday } from './renames.ts'
import { serversTable, type Servers } from './servers.ts'
import { settingsTable, type SettingsTable } from './settings.ts'
import { setAside, whyCorrupt } from './sound.ts'
import { asFailure, inodeOf, openStore, type Store } from './store.ts'
import { testsTable, type Tests } from './tests.ts'

/** The index of servers, databases, copies and jobs. Everything in it but the list of jobs can be made anew from files. */
export type Catalogue = {
  servers: Servers
  databases: Databases
  pins: Pins
  settings: SettingsTable
  tests: Tests
  drifts: Drifts
  copies: Copies
  jobs: JobsTable
  /** Under which names something of these belongs today. */
  namesToday(taken: Parameters<typeof namesToday>[1]): ReturnType<typeof namesToday>
  /** Changes when another process has written: then lists are to be read again. */
  dataVersion(): number
  /** Runs `work` while no other process can write into the catalogue: for files that several processes keep. */
  exclusively<T>(work: () => T): T
  /** The copies are still to be read from their manifests: the catalogue is new. */
  rebuildPending(): boolean
  rebuildDone(): void
  now(): Date
  close(): void
}

type Options = { now: () => Date }

/**
 * Opens the catalogue of a data folder, and makes it when there is none.
 * One that is damaged or has lost what profiles.json knows is set aside or brought up to date, never trusted; `rebuilt`
 * then says so in a sentence. Its copies come back with `recoverStore`.
 * @throws LifeboatFailure catalogue-busy, disk-full, disk-failed, folder-refused; invalid-input for one of a newer Lifeboat
 */
export function openCatalogue(dataDir: string, { now }: Options): { catalogue: Catalogue; rebuilt: string | null } {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    sweepTemporaryNow(dataDir)
  } catch (error) {
    throw diskFailure(error, `The folder ${dataDir} could not be made`)
  }
  const file = join(dataDir, 'catalogue.sqlite')
  const profilesFile = join(dataDir, 'profiles.json')
  const kept = readKept(profilesFile)
  const existed = existsSync(file)
  const { store, copies, damage } = openSound(file, kept, now)
  try {
    const catalogue = catalogueOver(store, copies, profilesFile, now)
    const news = store.write(() => reconcile(store, kept, { existed: existed && damage === null, damage }))
    if (news.writeFile) writeProfiles(profilesFile, profilesIn(store))
    return { catalogue, rebuilt: news.rebuilt }
  } catch (error) {
    store.close()
    throw error
  }
}

function readKept(profilesFile: string): Kept {
  try {
    const kept = readProfiles(profilesFile)
    return kept === null ? { kind: 'none' } : { kind: 'read', ...kept }
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
  }
}

type Sound = { store: Store; copies: Copies; damage: string | null }

/** Opens a catalogue that can be trusted: the one that is there, or a new one in its place. */
function openSound(file: string, kept: Kept, now: () => Date): Sound {
  let damage: string | null = null
  for (;;) {
    const inode = inodeOf(file)
    const judged = judge(file, kept)
    if (!('reason' in judged)) return { ...judged, damage }
    // another process may have done it already: its new one is not to be set aside
    if (inode !== inodeOf(file)) continue
    const aside = setAside(file, now())
    damage = `${judged.reason}; it was set aside as ${aside}`
  }
}

/** The catalogue, or the reason why it can not be trusted. Throws what has to do with the moment or the folder. */
function judge(file: string, kept: Kept): { store: Store; copies: Copies } | { reason: string } {
  let store: Store | undefined
  try {
    store = openStore(file)
    const copies = copiesOver(store)
    const reason = whyCorrupt.inside(store, copies, kept)
    if (reason === null) return { store, copies }
    store.close()
    return { reason }
  } catch (error) {
    store?.close()
    const reason = whyCorrupt.thrown(error, file)
    if (reason === null) throw asFailure(error, dirname(file))
    return { reason }
  }
}

function copiesOver(store: Store): Copies {
  return copiesTable(store, (manifest) => namesToday(listRenames(store), manifest))
}

function catalogueOver(store: Store, copies: Copies, profilesFile: string, now: () => Date): Catalogue {
  /** What a person typed is in profiles.json before it is committed here: neither can be lost without the other. */
  const keep = <T>(change: () => T): T =>
    store.write(() => {
      const before = profilesIn(store)
      const result = change()
      setGeneration(store, before.generation + 1)
      replaceProfiles(profilesFile, before, profilesIn(store))
      return result
    })
  // not before the copies that follow, whatever the clock says: from their time it is known that they do
  const after = (storedAt: string | null): string => {
    const at = now().toISOString()
    return storedAt !== null && storedAt > at ? storedAt : at
  }
  const renames = {
    server(from: string, to: string): void {
      addRename(store, { server: from, label: null, to, at: after(copies.lastStored(from, null)) })
      copies.rename({ server: from, label: null }, { server: to, label: null })
    },
    database(server: string, from: string, to: string): void {
      addRename(store, { server, label: from, to, at: after(copies.lastStored(server, from)) })
      copies.rename({ server, label: from }, { server, label: to })
    },
  }
  let open = true
  return {
    servers: serversTable(store, keep, renames),
    databases: databasesTable(store, keep, renames),
    pins: pinsTable(store, keep),
    settings: settingsTable(store, keep),
    tests: testsTable(store),
    drifts: driftsTable(store),
    copies,
    jobs: jobsTable(store),
    namesToday: (taken) => namesToday(listRenames(store), taken),
    dataVersion: () => store.dataVersion(),
    exclusively: (work) => store.write(work),
    rebuildPending: () => store.get(`SELECT value FROM meta WHERE key = 'copies-read'`) === undefined,
    rebuildDone: () => void store.run(`INSERT OR REPLACE INTO meta VALUES ('copies-read', '1')`),
    now,
    close(): void {
      if (open) store.close()
      open = false
    },
  }
}
