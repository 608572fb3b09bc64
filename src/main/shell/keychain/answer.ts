import { hostAsks, type AskName } from '#shared/wire.ts'
import type { Keychain } from './keychain.ts'

/** Answers what the engine asks of the desktop. */
export async function answerAsk(keychain: Keychain, name: AskName, input: unknown): Promise<unknown> {
  switch (name) {
    case 'keychain.status':
      return { status: await keychain.status() }
    case 'keychain.get':
      return { secret: await keychain.get(hostAsks[name].input.parse(input).reference) }
    case 'keychain.set': {
      const { reference, secret } = hostAsks[name].input.parse(input)
      await keychain.set(reference, secret)
      return {}
    }
    case 'keychain.delete':
      await keychain.delete(hostAsks[name].input.parse(input).reference)
      return {}
    case 'keychain.list':
      return { references: await keychain.list() }
  }
}
