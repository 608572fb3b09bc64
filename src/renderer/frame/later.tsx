import { lazy, useState, type ComponentType } from 'react'

type Rest = typeof import('./rest.tsx')
let rest: Rest | null = null

/** Brings what the first picture did without. Bundled apart: a megabyte of code that is read first is seen. */
async function bringRest(): Promise<Rest> {
  return (rest ??= await import('./rest.tsx'))
}

/** A part of the rest. Where that is not here yet, the nearest Suspense waits for it. */
export function later<P extends object>(partOf: (rest: Rest) => ComponentType<P>): ComponentType<P> {
  const Awaited = lazy(async () => ({ default: partOf(await bringRest()) }))
  return function Later(props: P) {
    // what is here is drawn at once; what was awaited stays the same part when it has come
    const [Part] = useState<ComponentType<P>>(() => (rest ? partOf(rest) : Awaited))
    return <Part {...props} />
  }
}
