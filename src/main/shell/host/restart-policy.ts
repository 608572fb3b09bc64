const windowMs = 60_000
const crashesInWindow = 5
const delays = [0, 1_000, 5_000] as const

/**
 * How long to wait before the engine is started again, in milliseconds: at once, then 1 s, then 5 s.
 * Null: five crashes within a minute, so another start would only be one more.
 * @param crashes times of all crashes so far, the latest one included
 */
export function restartDelay(crashes: readonly Date[], now: Date): number | null {
  const recent = crashes.filter((at) => now.getTime() - at.getTime() < windowMs).length
  if (recent >= crashesInWindow) return null
  return delays[Math.min(recent, delays.length) - 1] ?? 0
}
