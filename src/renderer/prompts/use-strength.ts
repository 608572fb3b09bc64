import { useEffect, useRef, useState } from 'react'
import { strengthOf, type Strength } from './strength.ts'

interface Estimator {
  worker: Worker
  /** the passphrase that is with the worker; only the latest of the others is of interest */
  busy: string | null
  next: string | null
}

/** How strong what was typed is; null while nothing is, and until the estimator has said so. */
export function useStrength(passphrase: string): Strength | null {
  const estimator = useRef<Estimator | null>(null)
  const [known, setKnown] = useState<{ of: string; strength: Strength } | null>(null)
  useEffect(() => {
    const worker = new Worker(new URL('./strength-worker.ts', import.meta.url), { type: 'module' })
    const state: Estimator = { worker, busy: null, next: null }
    worker.addEventListener('message', ({ data }: MessageEvent<number>) => {
      const { busy: of, next } = state
      state.next = null
      state.busy = next
      if (next !== null) worker.postMessage(next)
      else if (of !== null) setKnown({ of, strength: strengthOf(data) })
    })
    estimator.current = state
    return () => worker.terminate()
  }, [])
  useEffect(() => {
    const { current } = estimator
    if (!current || passphrase === '') return
    if (current.busy !== null) current.next = passphrase
    else {
      current.busy = passphrase
      current.worker.postMessage(passphrase)
    }
  }, [passphrase])
  // while somebody types on, the bar stays; what was said of another passphrase says nothing of this one
  return known !== null && passphrase.startsWith(known.of) ? known.strength : null
}
