export type SilenceWatch = {
  /** something came: the count starts anew */
  touch(): void
  /** while paused no time counts, because nobody waits for the other side */
  pause(): void
  resume(): void
  stop(): void
}

/**
 * Calls `onSilence` once when `limit` milliseconds pass without a touch.
 *
 * It counts its own ticks and reads no clock: a process that was stopped, or a laptop that slept, sees one late tick
 * and not hours of silence, so that a living connection survives the wake and a dead one fails within one more limit.
 */
export function watchSilence(limit: number, onSilence: () => void): SilenceWatch {
  const tick = Math.max(10, Math.min(1000, limit / 10))
  let silent = 0
  let paused = false
  let timer: NodeJS.Timeout | undefined = Number.isFinite(limit) ? setInterval(count, tick) : undefined

  function count(): void {
    if (paused) return
    silent += tick
    if (silent < limit) return
    stop()
    onSilence()
  }
  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }
  return {
    touch: () => {
      silent = 0
    },
    pause: () => {
      paused = true
    },
    resume: () => {
      if (paused) silent = 0
      paused = false
    },
    stop,
  }
}
