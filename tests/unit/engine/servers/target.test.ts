import { describe, expect, it } from 'vitest'
import { serverSchema, type Server } from '#shared/server.ts'
import { targetOf } from '#engine/servers/target.ts'

const server = (name: string, change: Partial<Server> = {}): Server => ({
  ...serverSchema.parse({ name, host: `${name}.example`, id: name, addedAt: '2026-01-01T00:00:00.000Z' }),
  ...change,
})

describe('the way to a server', () => {
  it('is the server itself, with nothing that was not said', () => {
    expect(targetOf(server('shop', { user: 'op', port: 2222 }), [])).toEqual({
      label: 'shop',
      host: 'shop.example',
      port: 2222,
      user: 'op',
      auth: { kind: 'auto' },
      keptAs: 'shop',
    })
  })

  it('leads through its jump hosts in order, each with its own key', () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`
    const door = server('door', { hostKey })
    const hall = server('hall', { jump: 'door' })
    const shop = server('shop', { jump: 'hall', configHost: 'shop-alias' })
    expect(targetOf(shop, [door, hall, shop])).toMatchObject({
      label: 'shop',
      configHost: 'shop-alias',
      jump: { label: 'hall', jump: { label: 'door', expectedHostKey: hostKey } },
    })
  })

  it('that leads back to itself, or to nobody, is refused before anything is reached', () => {
    const one = server('one', { jump: 'two' })
    const two = server('two', { jump: 'one' })
    expect(() => targetOf(one, [one, two])).toThrow(expect.objectContaining({ kind: 'invalid-input' }))
    expect(() => targetOf(server('self', { jump: 'self' }), [])).toThrow(
      expect.objectContaining({ kind: 'invalid-input' }),
    )
    expect(() => targetOf(one, [one])).toThrow(expect.objectContaining({ kind: 'not-found' }))
  })
})
