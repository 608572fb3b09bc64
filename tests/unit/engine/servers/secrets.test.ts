import { describe, expect, test } from 'vitest'
import { secretAsker, type Question } from '#engine/servers/secrets.ts'
import type { Question as SshQuestion } from '#engine/ssh/target.ts'

const never = new AbortController().signal

function world(kept: Record<string, string>) {
  const asked: Question[] = []
  const keychain = new Map(Object.entries(kept))
  const asker = secretAsker({
    ask: async (question) => {
      asked.push(question)
      return { kind: 'secret', answers: ['typed'], remember: true }
    },
    secrets: {
      status: async () => 'available',
      get: async (reference) => keychain.get(reference) ?? null,
      set: async (reference, secret) => void keychain.set(reference, secret),
    },
  })
  return { asker, asked, keychain }
}

/** as it stands in the keychains of those who use Lifeboat */
const atShop = 'server:id-of-shop:password:538b7b06f9aed82dce27c9c55bebc5e6'

const password = (change: Partial<SshQuestion>): SshQuestion => ({
  kind: 'password',
  label: 'shop',
  subject: 'ann@shop.example',
  keptAs: 'id-of-shop',
  account: 'ann@shop.example:22',
  questions: [{ text: 'Password', echo: false }],
  attempt: 1,
  ...change,
})

describe('a password that the keychain holds', () => {
  test('answers its own server, once', async () => {
    const { asker, asked } = world({ [atShop]: 'kept' })
    expect(await asker.ask(password({}), never)).toEqual(['kept'])
    expect(await asker.ask(password({ attempt: 2 }), never)).toEqual(['typed'])
    expect(asked).toHaveLength(1)
  })

  test.each([
    ['another machine', { account: 'ann@other.example:22' }],
    ['another user', { account: 'bob@shop.example:22' }],
    ['another way', { account: 'ann@shop.example:22 via ann@door.example:22' }],
    [
      'another machine, in its own words',
      {
        account: 'ann@other.example:22',
        kind: 'keyboard-interactive',
        questions: [{ text: 'Password: ', echo: false }],
      },
    ],
  ] as const)('never answers for the same server at %s', async (_, moved) => {
    const before = world({})
    await before.asker.ask(password({}), never)
    await before.asker.remember()
    const { asker, asked } = world(Object.fromEntries(before.keychain))
    await asker.ask(password(moved), never)
    expect(asked).toMatchObject([{ again: false, canRemember: true }])
  })

  const atTheDoor = { label: 'bastion', subject: 'ann@bastion.example', keptAs: null }
  test.each([
    ['for a password', password(atTheDoor)],
    [
      'in its own words',
      password({ ...atTheDoor, kind: 'keyboard-interactive', questions: [{ text: 'Password: ', echo: false }] }),
    ],
    ['under the name of that server', password({ ...atTheDoor, label: 'shop' })],
  ])('never answers a machine on the way to it that is not in the list, which asks %s', async (_, question) => {
    const { asker, asked, keychain } = world({ [atShop]: 'kept' })
    expect(await asker.ask(question, never)).toEqual(['typed'])
    expect(asked[0]).toMatchObject({ canRemember: false })
    // nor is that machine's password kept as the server's
    await asker.remember()
    expect([...keychain]).toEqual([[atShop, 'kept']])
  })
})
