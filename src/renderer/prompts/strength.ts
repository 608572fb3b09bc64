/** How long guessing takes somebody who has the seal. */
export const strengths = ['minute', 'day', 'year', 'century', 'beyond'] as const
export type Strength = (typeof strengths)[number]

/**
 * Tries a second of a rack of graphics cards: each try hashes 65,011,712 bytes with SHA-512, of which one large card does
 * some ten thousand a second at best.
 */
const triesPerSecond = 100_000
const day = 86_400
const year = 365 * day

export function strengthOf(guesses: number): Strength {
  // half of them on average
  const seconds = guesses / 2 / triesPerSecond
  if (seconds < 60) return 'minute'
  if (seconds < day) return 'day'
  if (seconds < year) return 'year'
  return seconds < 100 * year ? 'century' : 'beyond'
}
