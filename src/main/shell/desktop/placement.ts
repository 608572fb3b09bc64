export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const preferredSize = { width: 1200, height: 800 }
export const smallestSize = { width: 900, height: 600 }

/** So much of the window has to be on a display, or nobody could take hold of it. */
const grip = { width: 120, height: 60 }

/**
 * Where the window opens: where it was, unless that display is gone or smaller now; else in the middle of the first.
 * @param areas the usable area of every display, the primary one first
 */
export function placeWindow(saved: Rectangle | null, areas: readonly Rectangle[]): Rectangle {
  const primary = areas[0] ?? { x: 0, y: 0, ...preferredSize }
  if (saved === null) return centred(preferredSize, primary)
  const size = {
    width: Math.max(smallestSize.width, saved.width),
    height: Math.max(smallestSize.height, saved.height),
  }
  const home = areas.find((area) => {
    const seen = overlap(saved, area)
    return seen.width >= grip.width && seen.height >= grip.height
  })
  return home === undefined ? centred(size, primary) : within({ x: saved.x, y: saved.y, ...size }, home)
}

function centred(size: { width: number; height: number }, area: Rectangle): Rectangle {
  const width = Math.min(size.width, area.width)
  const height = Math.min(size.height, area.height)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  }
}

/** Not larger than the display, and its title bar in reach. Hanging over a side or below is somebody's choice. */
function within(window: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(window.width, area.width)
  return {
    x: between(window.x, area.x - width + grip.width, area.x + area.width - grip.width),
    y: between(window.y, area.y, area.y + area.height - grip.height),
    width,
    height: Math.min(window.height, area.height),
  }
}

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)),
  }
}
