import { useEffect, useRef, useState } from 'react'
import { strengthOf, type Strength } from './strength.ts'

interface Estimator {
  worker: Worker
  /** one passphrase is with the worker; only the latest of the others is of interest */
  busy: boolean
  next: string | null
}

/** How strong what was typed is; null while nothing is, and until the estimator has said so. */
export function useStrength(passphrase: string): Strength | null {
  const estimator = useRef<Estimator | null>(null)
  const [strength, setStrength] = useState<Strength | null>(null)
  useEffect(() => {
    const worker = new Worker(new URL('./strength-worker.ts', import.meta.url), { type: 'module' })
    const state: Estimator = { worker, busy: false, next: null }
    worker.addEventListener('message', ({ data }: MessageEvent<number>) => {
      const { next } = state
      state.next = null
      state.busy = next !== null
      if (next === null) setStrength(strengthOf(data))
      else worker.postMessage(next)
    })
    estimator.current = state
    return () => worker.terminate()
  }, [])
  useEffect(() => {
    const { current } = estimator
    if (!current || passphrase === '') return
    if (current.busy) current.next = passphrase
    else {
      current.busy = true
      current.worker.postMessage(passphrase)
    }
  }, [passphrase])
  return passphrase === '' ? null : strength
}
