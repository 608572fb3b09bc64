import { create } from 'zustand'

/** The time, as coarse as the sentences that use it. */
export const useNow = create<{ now: Date }>(() => ({ now: new Date() }))

const minuteMs = 60_000

/** Tells once a minute, and when somebody comes back to the window: what was true may have grown old, or files may be gone. */
export function followTime(told: () => void): () => void {
  const timer = setInterval(told, minuteMs)
  window.addEventListener('focus', told)
  return () => {
    clearInterval(timer)
    window.removeEventListener('focus', told)
  }
}

export function followClock(): () => void {
  const timer = setInterval(() => useNow.setState({ now: new Date() }), 20_000)
  return () => clearInterval(timer)
}
