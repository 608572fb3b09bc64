import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { machinesOf } from '#engine/servers/machines.ts'
import { placeOf } from '#engine/ssh/pins.ts'
import { scratch, someServer } from '../../../support/copies.ts'

function config(): string {
  const file = join(scratch(), 'config')
  writeFileSync(file, 'Host web\n  HostName web.example.org\n  Port 2222\n  ProxyJump ops@door.example.org:2200\n')
  return file
}

const web = { host: 'web.example.org', port: 2222 }

test.each([
  ['as it is named', { host: 'shop.example.org', port: 2022 }, [{ host: 'shop.example.org', port: 2022, way: '' }]],
  [
    'as ~/.ssh/config has it, with the hops that only it knows',
    { host: 'web', configHost: 'web' },
    [
      { ...web, way: '[door.example.org]:2200' },
      { host: 'door.example.org', port: 2200, way: '' },
    ],
  ],
  [
    'alone, where the list itself names the jump host',
    { host: 'web', configHost: 'web', jump: 'hall' },
    [{ ...web, way: 'hall.example.org' }],
  ],
])('the keys of a server are those of its machine, %s', async (_how, change, machines) => {
  const hall = someServer('hall', { host: 'hall.example.org' })
  const found = await machinesOf(someServer('shop', change), [hall], config())
  expect(found.map(placeOf)).toEqual(machines)
})
