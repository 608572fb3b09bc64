import { expect, test, vi } from 'vitest'
import { envFiles, vaultWorld } from '../../../support/vault.ts'

vi.mock(import('#engine/vault/record.ts'), async (original) => ({
  ...(await original()),
  writeRecord: async () => {
    throw new Error('The disk is full.')
  },
}))

test('a seal beside which nothing could be written down is told of by the id that it is listed under', async () => {
  const { engine, seal } = await vaultWorld()
  const id = await seal(envFiles({ '.env': 'A=1\n' }))
  expect(await engine.call('vault.list', {})).toMatchObject([{ id, look: 'unsure' }])
  expect(await engine.call('vault.show', { id })).toMatchObject({ names: ['.env'] })
})
