// Opens the newest seal in a process of its own that can be killed: `open-program.ts DATA FOLDER [wait]`. Says `opened` at
// the end. With `wait` it says `ready` first, and goes on when a line comes in.
import { createEngine } from '#engine/engine.ts'
import { noKeychain } from '#engine/host/keychain.ts'
import { untilWord } from './until-word.ts'

const [, , dataDir = '', to = '', wait = ''] = process.argv
const now = (): Date => new Date()
const engine = await createEngine({ dataDir, copiesDir: null, version: 't', keychain: noKeychain, now })
engine.subscribe((event) => {
  if (event.name !== 'prompt') return
  const answer = { kind: 'secret' as const, answers: ['correct horse'], remember: false }
  void engine.call('prompt.answer', { id: event.value.id, answer })
})
if (wait !== '') await untilWord(dataDir)
try {
  const [newest] = await engine.call('vault.list', {})
  await engine.call('vault.open', { id: newest?.id ?? '', to })
  process.stdout.write('opened\n')
} finally {
  await engine.stop()
}
