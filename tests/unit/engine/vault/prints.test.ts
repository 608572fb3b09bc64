import { createCipheriv, createHmac, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { printerOf } from '#engine/vault/prints.ts'
import { memoryKeychain } from '../../../support/vault.ts'

test('a secret that an older Lifeboat recorded as the name of a key is not told as one', async () => {
  const { keychain, held } = memoryKeychain()
  const printer = await printerOf(keychain, true)
  const key = Buffer.from(held.get('vault:prints') ?? '', 'base64')
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', key, '', `lifeboat ${purpose}`, 32))
  const print = (value: string) =>
    createHmac('sha256', derived('fingerprints of values')).update(value).digest('base64')
  const keys = [
    ['q7XbT0m4VvYJ2cKdPz8sWfRaLhGnUe1oNiMyBxZtEw', print('')],
    ['POSTGRES_PASSWORD', print('')],
    ['anotherKeyThatIsLong', print('set')],
  ]
  const cipher = createCipheriv('aes-256-gcm', derived('record of fingerprints'), Buffer.alloc(12))
  const clear = JSON.stringify([{ name: '.env', whole: print('all'), keys }])
  const encrypted = Buffer.concat([cipher.update(clear), cipher.final()])
  const kept = Buffer.concat([Buffer.alloc(12), cipher.getAuthTag(), encrypted]).toString('base64')
  const [view] = printer?.read(kept) ?? []
  expect([...(view?.keys.keys() ?? [])]).toEqual(['POSTGRES_PASSWORD', 'anotherKeyThatIsLong'])
})
