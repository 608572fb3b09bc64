import { describe, expect, test } from 'vitest'
import type { Prompt } from '#shared/prompt.ts'
import { createAnswerer } from '../../../src/main/cli/answers.ts'

type What = Extract<Prompt, { kind: 'secret' }>['what']
const asks = (what: What): Prompt => ({
  id: '1',
  kind: 'secret',
  server: 'shop',
  what,
  subject: 'ann@shop',
  questions: [{ text: 'Your passphrase, please: ', echo: false }],
  again: false,
  canRemember: false,
})

describe('the line of --passphrase-fd', () => {
  test.each(['vault-passphrase', 'new-vault-passphrase', 'key-passphrase'] as const)('answers %s', async (what) => {
    const answer = createAnswerer(() => 'of the vault', true)
    expect(await answer(asks(what))).toMatchObject({ answers: ['of the vault'] })
  })

  test.each(['password', 'keyboard-interactive'] as const)(
    'is never sent to a server that asks for %s while it is the passphrase of the vault',
    async (what) => {
      const answer = createAnswerer(() => 'of the vault', true)
      expect(await answer(asks('vault-passphrase'))).toMatchObject({ answers: ['of the vault'] })
      expect(await answer(asks(what))).toMatchObject({ answers: null })
    },
  )

  test('answers a login of every other word', async () => {
    expect(await createAnswerer(() => 'hunter2', false)(asks('password'))).toMatchObject({ answers: ['hunter2'] })
  })
})
