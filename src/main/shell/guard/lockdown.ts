import { protocol, type App, type Session, type WebContents } from 'electron'
import type { Log } from '../log.ts'
import { appScheme, mayNavigate, readAddress } from './app-origin.ts'
import { servePage } from './page-files.ts'

/** Has to run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** What a page of ours can need: its own files, and what it makes itself. */
const innerSchemes = ['app:', 'data:', 'blob:']
const devToolsSchemes = ['devtools:', 'chrome-extension:']

/**
 * Serves the page from `root`, and takes everything else from the session: no permission, no device, no download,
 * no request to any network.
 */
export function lockDownSession(session: Session, root: string, options: { devTools: boolean }): void {
  session.protocol.handle(appScheme, (request) => servePage(root, request))
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  const allowed = options.devTools ? [...innerSchemes, ...devToolsSchemes] : innerSchemes
  session.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: !allowed.includes(readAddress(details.url)?.protocol ?? '') }),
  )
}

/** Keeps every page of the app where it is: no navigation, no second window, no page within the page. */
export function lockDownContents(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents, log))
}

function lockDown(contents: WebContents, log: Log): void {
  contents.setWindowOpenHandler(({ url }) => {
    log.error(`a window was refused: ${schemeOf(url)}`)
    return { action: 'deny' }
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && mayNavigate(event.url)) return
    event.preventDefault()
    log.error(`a navigation was refused: ${schemeOf(event.url)}`)
  })
  contents.on('will-redirect', (event) => event.preventDefault())
}

/** Enough for the log; the rest of a foreign address may hold anything. */
function schemeOf(address: string): string {
  return readAddress(address)?.protocol ?? 'no address'
}
