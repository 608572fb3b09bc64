import i18next from 'i18next'
import { toFailure } from '#shared/failure.ts'
import { useNotices } from '../stores/notices.ts'

/**
 * Does what the operator asked for. What fails is told with its way out; what the operator declined is not a failure.
 * True when it was done.
 */
export async function perform(what: string, action: () => Promise<void>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'cancelled') {
      useNotices.getState().tell({ kind: 'failure', title: what, failure })
    }
    return false
  }
}

/** For places that are not components. */
export const words = () => i18next.t.bind(i18next)
