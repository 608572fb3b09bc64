import { join, resolve } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'

/** The two folders of a run; absolute. */
export interface Folders {
  dataDir: string
  /** the place for copies while the settings name no other; null: inside dataDir */
  copiesDir: string | null
}

/** Where everything of one run lies; absolute. */
export interface Places extends Folders {
  logsDir: string
  /** Chromium's own things, and the lock that keeps a second instance out of this data folder */
  profileDir: string
  /** what the shell itself remembers */
  stateFile: string
  keychainFile: string
}

export interface Surroundings {
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  cwd: string
  /** the system's folder for the data of applications */
  appData: string
  /** the user's documents */
  documents: string
}

/**
 * `--data-dir DIR` or LIFEBOAT_DATA_DIR hold all of a run, copies too; without them, the user's own places.
 * Throws `wrong-usage` when the option has no value: another folder than the one that was meant must never be used.
 */
export function chooseFolders({ argv, env, cwd, appData, documents }: Surroundings): Folders {
  const named = dataDirOption(argv) ?? (env['LIFEBOAT_DATA_DIR'] || null)
  return named === null
    ? { dataDir: join(appData, 'lifeboat'), copiesDir: join(documents, 'Lifeboat') }
    : { dataDir: resolve(cwd, named), copiesDir: null }
}

/** What lies where in the data folder. */
export function placesIn({ dataDir, copiesDir }: Folders): Places {
  return {
    dataDir,
    copiesDir,
    logsDir: join(dataDir, 'logs'),
    profileDir: join(dataDir, 'window'),
    stateFile: join(dataDir, 'window.json'),
    keychainFile: join(dataDir, 'keychain.json'),
  }
}

const option = '--data-dir'

function dataDirOption(argv: readonly string[]): string | null {
  const at = argv.findLastIndex((arg) => arg === option || arg.startsWith(`${option}=`))
  const arg = argv[at]
  if (arg === undefined) return null
  const value = arg === option ? argv[at + 1] : arg.slice(option.length + 1)
  if (!value || value.startsWith('--')) throw new LifeboatFailure('wrong-usage', `${option} needs a folder.`)
  return value
}
