import { useEffect, useState } from 'react'

/** Whole seconds since a moment, counted on while it is looked at. */
export function useElapsed(since: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.round((now - new Date(since).getTime()) / 1000))
}
