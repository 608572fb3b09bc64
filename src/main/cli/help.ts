import { words } from './words.ts'

/** What `lifeboat --help` prints: every word with its usage, and what holds for all of them. */
export const helpText = `lifeboat [--data-dir DIR] [--json] [--lang en|zh-CN] [--passphrase-fd N] WORD VERB …

${Object.values(words)
  .map((word) => `  ${word.usage}`)
  .join('\n')}

  --data-dir DIR       keep everything of this run in DIR instead of your own places
  --json               one JSON object on stdout
  --source-proof P     what is counted on the server with each dump, in its own snapshot: fingerprints unless told
  --verify-after       restore and prove each copy as soon as it is here
  --no-drift-check     do not look before a backup whether the .env files are still what is sealed
  --image REF          image of the container in which copies are restored
  --passphrase-fd N    passwords and passphrases: the first line of descriptor N

Exit codes: 0 done or proven · 1 could not do it · 2 wrong usage · 3 refused for safety
            4 checked, and damaged · 5 not checked (a check could not run here)
`
