import { describe, expect, test } from 'vitest'
import type { Prompt } from '#shared/prompt.ts'
import { createAnswerer } from '../../../src/main/cli/answers.ts'
import { english } from '../../../src/main/cli/language.ts'

type Secret = Extract<Prompt, { kind: 'secret' }>
type What = Secret['what']
const asks = (what: What, change: Partial<Secret> = {}): Prompt => ({
  id: '1',
  kind: 'secret',
  server: 'shop',
  what,
  subject: 'ann@shop',
  questions: [{ text: 'Your passphrase, please: ', echo: false }],
  again: false,
  canRemember: false,
  ...change,
})

describe('the line of --passphrase-fd', () => {
  test.each(['vault-passphrase', 'new-vault-passphrase', 'key-passphrase'] as const)('answers %s', async (what) => {
    const answer = createAnswerer(() => 'of the vault', true, english)
    expect(await answer(asks(what))).toMatchObject({ answers: ['of the vault'] })
  })

  test.each(['password', 'keyboard-interactive'] as const)(
    'is never sent to a server that asks for %s while it is the passphrase of the vault',
    async (what) => {
      const answer = createAnswerer(() => 'of the vault', true, english)
      expect(await answer(asks('vault-passphrase'))).toMatchObject({ answers: ['of the vault'] })
      await expect(answer(asks(what))).rejects.toMatchObject({ kind: 'answer-needed' })
    },
  )

  test('answers a login of every other word', async () => {
    expect(await createAnswerer(() => 'hunter2', false, english)(asks('password'))).toMatchObject({
      answers: ['hunter2'],
    })
  })

  const key = asks('key-passphrase', { subject: '/home/ann/.ssh/id' })
  const own = asks('keyboard-interactive', { questions: [{ text: 'Password: ', echo: false }] })
  const code = asks('keyboard-interactive', { questions: [{ text: 'Verification code: ', echo: false }] })

  test.each([
    ['of a key', key, asks('password')],
    ['of a key', key, own],
    ['of a key', key, code],
    ['of a key', key, asks('key-passphrase', { subject: '/home/ann/.ssh/other' })],
    ['of a key', key, asks('new-vault-passphrase')],
    ['of a server', asks('password'), asks('password', { server: 'bastion' })],
    ['of a server', asks('password'), asks('password', { subject: 'root@shop' })],
    ['of a server', asks('password'), code],
  ])('that was the secret %s answers nothing else: %#', async (_, first, other) => {
    const answer = createAnswerer(() => 'one secret', false, english)
    expect(await answer(first)).toMatchObject({ answers: ['one secret'] })
    await expect(answer(other)).rejects.toMatchObject({ kind: 'answer-needed' })
    expect(await answer(first)).toMatchObject({ answers: ['one secret'] })
  })

  test('answers for a key that several machines take, and a password that a server asks for in its own words', async () => {
    const ofKey = createAnswerer(() => 'one secret', false, english)
    for (const server of ['bastion', 'shop'])
      expect(await ofKey({ ...key, server })).toMatchObject({ answers: ['one secret'] })
    expect(await createAnswerer(() => 'hunter2', false, english)(own)).toMatchObject({ answers: ['hunter2'] })
  })

  test('is never a code that serves once', async () => {
    expect(await createAnswerer(() => 'hunter2', false, english)(code)).toMatchObject({ answers: null })
  })
})
