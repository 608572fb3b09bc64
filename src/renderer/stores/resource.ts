import { create, type StoreApi, type UseBoundStore } from 'zustand'
import { toFailure, type Failure } from '#shared/failure.ts'

/** Something the engine knows and the window shows: the last reading, and whether a newer one is on its way or failed. */
export interface Resource<T> {
  value: T | null
  failure: Failure | null
  loading: boolean
  /** Reads again. Calls that arrive while one is under way end in exactly one more reading. */
  refresh: () => Promise<void>
}

export function createResource<T>(read: () => Promise<T>): UseBoundStore<StoreApi<Resource<T>>> {
  let again = false
  let running: Promise<void> | null = null
  return create<Resource<T>>((set) => {
    async function readUntilSettled(): Promise<void> {
      set({ loading: true })
      do {
        again = false
        try {
          set({ value: await read(), failure: null })
        } catch (error) {
          // The last good reading stays on the screen, under the failure.
          set({ failure: toFailure(error) })
        }
      } while (again)
      set({ loading: false })
    }
    return {
      value: null,
      failure: null,
      loading: false,
      refresh: () => {
        if (running) {
          again = true
          return running
        }
        running = readUntilSettled().finally(() => {
          running = null
        })
        return running
      },
    }
  })
}
