export const appScheme = 'app'
export const appHost = 'lifeboat'
/** The only page that the window ever shows. */
export const appPage = `${appScheme}://${appHost}/index.html`

/** An address taken apart, or null when it is none. */
export function readAddress(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null
}

/** Whether an address belongs to the app itself. Not by `origin`: Node says 'null' for schemes of one's own. */
export function isAppAddress(address: string): boolean {
  const url = readAddress(address)
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost && url.username === ''
}

/** Whether the window may go there: its own page, in any state, and nothing else. */
export function mayNavigate(address: string): boolean {
  const url = readAddress(address)
  return isAppAddress(address) && (url?.pathname === '/' || url?.pathname === '/index.html')
}
