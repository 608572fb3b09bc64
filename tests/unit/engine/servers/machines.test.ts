import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { machinesOf } from '#engine/servers/machines.ts'
import { scratch, someServer } from '../../../support/copies.ts'

function config(): string {
  const file = join(scratch(), 'config')
  writeFileSync(file, 'Host web\n  HostName web.example.org\n  Port 2222\n  ProxyJump ops@door.example.org:2200\n')
  return file
}

const web = { host: 'web.example.org', port: 2222 }

test.each([
  ['as it is named', { host: 'shop.example.org', port: 2022 }, [{ host: 'shop.example.org', port: 2022 }]],
  [
    'as ~/.ssh/config has it, with the hops that only it knows',
    { host: 'web', configHost: 'web' },
    [web, { host: 'door.example.org', port: 2200 }],
  ],
  ['alone, where the list itself names the jump host', { host: 'web', configHost: 'web', jump: 'hall' }, [web]],
])('the keys of a server are those of its machine, %s', async (_how, change, machines) => {
  expect(await machinesOf(someServer('shop', change), config())).toEqual(machines)
})
