import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import * as common from '@zxcvbn-ts/language-common'
import * as english from '@zxcvbn-ts/language-en'

/** what follows adds little, and estimating takes longer than linear time */
const longest = 64

/** Counts the guesses that a passphrase stands. Building it takes a while, as does a passphrase that repeats itself. */
export function guessCounter(): (passphrase: string) => number {
  const estimator = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
  })
  return (passphrase) => estimator.check(passphrase.slice(0, longest)).guesses
}
