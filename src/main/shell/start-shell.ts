import { mkdirSync, realpathSync } from 'node:fs'
import { app } from 'electron'
import { toFailure } from '#shared/failure.ts'
import { declareScheme, lockDownContents } from './guard/lockdown.ts'
import { hostFor } from './host/start-host.ts'
import { openLog, type Log } from './log.ts'
import { chooseFolders, placesIn, type Places } from './places.ts'
import { Shell } from './shell.ts'

/** Where the build has put everything; absolute. */
export interface Parts {
  page: string
  preload: string
  engine: string
  resources: string
}

/** Starts the app, unless another instance has this data folder: then that one comes forward. */
export function startShell(parts: Parts): void {
  app.setName('Lifeboat')
  const places = preparePlaces()
  if (places === null) return app.exit(2)
  const log = openLog({ folder: places.logsDir, name: 'shell', now: () => new Date() })
  surviveErrors(log)
  // The lock belongs to Chromium's folder, which lies in the data folder: one instance for each of those.
  app.setPath('userData', places.profileDir)
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write(`Lifeboat is open already with ${places.dataDir}; its window was brought forward.\n`)
    return app.exit(0)
  }
  declareScheme()
  lockDownContents(app, log)
  // Not awaited at the top: Electron gets ready only after the entry module has been read to its end.
  void app
    .whenReady()
    .then(driverAttached)
    .then(() => openShell(parts, places, log))
    .catch((error: unknown) => {
      // Without a window nobody would ever see that it runs.
      log.error('Lifeboat could not start', error)
      process.stderr.write(`Lifeboat could not start. The log says why: ${places.logsDir}\n`)
      app.exit(1)
    })
}

/**
 * Under a driver of tests (LIFEBOAT_DRIVER, never in a packaged app) no window opens before the driver says so:
 * a page that is made while a debugger attaches may stay paused for ever.
 */
async function driverAttached(): Promise<void> {
  if (app.isPackaged || process.env['LIFEBOAT_DRIVER'] !== '1') return
  await new Promise<void>((resolve) => Reflect.set(globalThis, 'lifeboatDriverAttached', resolve))
}

function openShell(parts: Parts, places: Places, log: Log): void {
  const { env } = process
  // What a packaged app runs is decided by the package alone.
  const forMakers = app.isPackaged ? {} : env
  const host = hostFor(
    {
      electron: process.versions.electron,
      node: env['LIFEBOAT_NODE'],
      forced: forMakers['LIFEBOAT_ENGINE_HOST'],
    },
    forMakers['LIFEBOAT_ENGINE'] || parts.engine,
    log,
  )
  const shell = new Shell({
    ...parts,
    places,
    log,
    host,
    trialRuntime: env['LIFEBOAT_TRIAL_RUNTIME'] === '1',
  })
  app.on('second-instance', () => shell.show())
  app.on('activate', () => shell.show())
  shell.open()
}

/** The folders of this run, made where they are missing; null when it was said why there are none. */
function preparePlaces(): Places | null {
  try {
    const folders = chooseFolders({
      argv: process.argv,
      env: process.env,
      cwd: process.cwd(),
      appData: app.getPath('appData'),
      documents: app.getPath('documents'),
    })
    mkdirSync(folders.dataDir, { recursive: true, mode: 0o700 })
    // Two spellings of one folder are one folder.
    const places = placesIn({ ...folders, dataDir: realpathSync(folders.dataDir) })
    mkdirSync(places.profileDir, { recursive: true, mode: 0o700 })
    return places
  } catch (error) {
    const { message, detail } = toFailure(error)
    process.stderr.write(`Lifeboat: ${message}${detail === undefined ? '' : `\n${detail}`}\n`)
    return null
  }
}

/** An error that nobody caught is written down; Electron's own dialog would block every later click. */
function surviveErrors(log: Log): void {
  process.on('uncaughtException', (error) => log.error('nobody caught', error))
  process.on('unhandledRejection', (error) => log.error('nobody caught', error))
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log.error(`a process of type ${type} is gone: ${reason}, exit code ${exitCode}`),
  )
}
