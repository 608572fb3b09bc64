import type { Word } from './word.ts'
import { checkWords } from './words/check.ts'
import { copyWords } from './words/copy.ts'
import { databaseWords } from './words/database.ts'
import { demoWords } from './words/demo.ts'
import { keepingWords } from './words/keeping.ts'
import { pinWords } from './words/pin.ts'
import { serverWords } from './words/server.ts'
import { vaultWords } from './words/vault.ts'
import { verifyWords } from './words/verify.ts'

/** Every word of the terminal, by its name. */
export const words: Readonly<Record<string, Word>> = {
  ...serverWords,
  ...pinWords,
  ...databaseWords,
  ...copyWords,
  ...checkWords,
  ...vaultWords,
  ...verifyWords,
  ...keepingWords,
  ...demoWords,
}
