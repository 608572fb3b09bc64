import type { Catalogue } from './open.ts'

const everyMs = 1000

/**
 * Tells when another process, such as the terminal beside an open window, has written into the catalogue.
 * `now` looks at once, after a sleep of the computer.
 */
export function watchOthers(
  catalogue: Pick<Catalogue, 'dataVersion'>,
  onChange: () => void,
): { now(): void; stop(): void } {
  let known = catalogue.dataVersion()
  const look = (): void => {
    try {
      const version = catalogue.dataVersion()
      if (version === known) return
      known = version
    } catch {
      // busy for a moment: the next look will tell
      return
    }
    onChange()
  }
  const timer = setInterval(look, everyMs)
  timer.unref()
  return { now: look, stop: () => clearInterval(timer) }
}
