import { describe, expect, test } from 'vitest'
import { pinsFor, placeOf } from '#engine/ssh/pins.ts'
import type { PinnedKey, SshTarget } from '#engine/ssh/target.ts'

const auth = { kind: 'auto' } as const
const machine = (host: string, change: Partial<SshTarget> = {}): SshTarget => ({
  label: host,
  host,
  port: 22,
  user: 'ops',
  auth,
  ...change,
})
const door = machine('door')
const hall = machine('Hall', { port: 2200, jump: door })

describe('the place of a pin', () => {
  test.each([
    ['alone, where it is reached directly', machine('10.0.0.5'), { way: '' }],
    ['with the jump host', machine('10.0.0.5', { jump: door }), { way: 'door' }],
    ['with each jump host, in their order', machine('10.0.0.5', { jump: hall }), { way: 'door,[hall]:2200' }],
    ['whoever logs in at the jump host', machine('10.0.0.5', { jump: { ...door, user: 'root' } }), { way: 'door' }],
    [
      'with the alias of the jump host, which says all about that one',
      machine('10.0.0.5', { jump: { ...hall, hostKeyAlias: 'The-Hall' } }),
      { way: 'the-hall' },
    ],
    [
      'by its alias, wherever it is reached',
      machine('10.0.0.5', { port: 2222, jump: hall, hostKeyAlias: 'Inner' }),
      { host: 'inner', port: 22, way: '' },
    ],
  ])('is the machine, %s', (_how, target, place) => {
    expect(placeOf(target)).toEqual({ host: '10.0.0.5', port: 22, ...place })
  })
})

describe('the pins that speak about a machine', () => {
  const pin = (key: string, way: string | null): PinnedKey => ({ type: 'ssh-ed25519', key, way })
  const kept: Record<string, PinnedKey[]> = {
    '10.0.0.5:22': [pin('old', null), pin('direct', ''), pin('behind door', 'door')],
    '10.0.0.6:22': [pin('old', null)],
    'inner:22': [pin('alias', '')],
  }
  const asked = (target: SshTarget) => {
    const { own, old } = pinsFor(target, (host, port) => kept[`${host}:${port}`] ?? [])
    return { own: own.map(({ key }) => key), old: old.map(({ key }) => key) }
  }
  test.each([
    ['those of the direct connection', machine('10.0.0.5'), { own: ['direct'], old: [] }],
    ['those of its way', machine('10.0.0.5', { jump: door }), { own: ['behind door'], old: [] }],
    ['of another way the old ones only', machine('10.0.0.5', { jump: hall }), { own: [], old: ['old'] }],
    ['the old ones, also where it is reached directly', machine('10.0.0.6'), { own: [], old: ['old'] }],
    ['those of its alias', machine('10.0.0.6', { hostKeyAlias: 'inner' }), { own: ['alias'], old: [] }],
    [
      'of a new alias the old ones of its address',
      machine('10.0.0.6', { hostKeyAlias: 'x' }),
      { own: [], old: ['old'] },
    ],
  ])('are %s', (_which, target, keys) => {
    expect(asked(target)).toEqual(keys)
  })
})
