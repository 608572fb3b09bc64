import { create } from 'zustand'

/** The time, as coarse as the sentences that use it. */
export const useNow = create<{ now: Date }>(() => ({ now: new Date() }))

export function followClock(): () => void {
  const timer = setInterval(() => useNow.setState({ now: new Date() }), 20_000)
  return () => clearInterval(timer)
}
