// The rows of the house: who may import whom. Downwards only, and never sideways inside a row.

/** The engine's rows from the top down; a room may import every row below its own. */
const ENGINE_ROWS = [
  ['handlers'],
  ['servers', 'backup', 'verification', 'vault', 'demo'],
  ['jobs'],
  ['copies', 'catalogue'],
  ['restore', 'proof'],
  ['sandbox'],
  ['ssh', 'postgres', 'docker', 'dump', 'disk', 'openpgp', 'tar', 'env', 'fingerprint'],
]

/** Rooms of the engine that stand beside the rows. */
const BESIDE = ['host']

const engineRooms = [...ENGINE_ROWS.flat(), ...BESIDE].map((name) => `engine/${name}`)

/**
 * For each room the rooms that it may import.
 * @type {Map<string, string[]>}
 */
const mayImport = new Map([
  ['shared', []],
  ['preload', ['shared']],
  ['renderer', ['shared']],
  ['main', ['shell', 'shared']],
  ['shell', ['shared']],
  // The engine's own entry builds and connects everything: the only place that knows all.
  ['engine', [...engineRooms, 'shared']],
  ['cli', ['engine', ...engineRooms, 'shared']],
  ...ENGINE_ROWS.flatMap((row, index) => {
    const below = ENGINE_ROWS.slice(index + 1).flat()
    return row.map(
      (name) =>
        /** @type {[string, string[]]} */ ([`engine/${name}`, [...below.map((room) => `engine/${room}`), 'shared']]),
    )
  }),
  ...BESIDE.map((name) => /** @type {[string, string[]]} */ ([`engine/${name}`, ['shared']])),
])

/** What a room may import only as a type: the shell speaks to the engine and never contains it. */
const mayImportTypes = new Map([
  ['shell', ['engine/host']],
  ['engine/handlers', ['engine/host']],
])

/** Rooms that run where there is no Node. */
const WITHOUT_NODE = ['shared', 'preload', 'renderer']
const WITH_ELECTRON = ['main', 'shell', 'preload']
const NATIVE_PACKAGES = ['better-sqlite3', 'ssh2']

/**
 * The room that a file stands in.
 * @param {string} path below src/, with forward slashes
 * @returns {string | null} null: outside of every room
 */
export function roomOf(path) {
  const [top, second, third] = path.split('/')
  if (top !== 'main') return top && mayImport.has(top) && path.includes('/') ? top : null
  if (second === 'engine') return third && path.split('/').length > 3 ? `engine/${third}` : 'engine'
  return second === 'shell' || second === 'cli' ? second : 'main'
}

/**
 * Why a room may not import another one; null when it may.
 * @param {string} from
 * @param {string | null} to
 * @param {boolean} typeOnly
 */
export function whyNotRoom(from, to, typeOnly) {
  const allowed = mayImport.get(from)
  if (allowed === undefined) return `${from} has no row yet: give it one in scripts/lint/rows.mjs`
  if (to === null) return `${from} may not import from outside of the house`
  if (from === to || allowed.includes(to)) return null
  if (typeOnly && mayImportTypes.get(from)?.includes(to)) return null
  return `${from} may not import ${to}: imports run downwards only, never sideways inside a row`
}

/**
 * Why a room may not import a package; null when it may.
 * @param {string} from
 * @param {string} specifier as it is written: `zod`, `node:fs`, `electron/main`
 */
export function whyNotPackage(from, specifier) {
  const is = (/** @type {string} */ name) => specifier === name || specifier.startsWith(`${name}/`)
  if (is('electron') && !WITH_ELECTRON.includes(from))
    return `${from} may not import electron: only the shell and the preload do`
  if (from === 'shared' && !is('zod')) return `shared imports zod and nothing else`
  if (from === 'preload' && !is('electron')) return `the preload imports electron and shared, nothing else`
  if (!WITHOUT_NODE.includes(from)) return null
  if (specifier.startsWith('node:')) return `${from} runs where there is no Node: it may not import ${specifier}`
  return NATIVE_PACKAGES.some(is) ? `${from} may not import ${specifier}: the engine does that work` : null
}
