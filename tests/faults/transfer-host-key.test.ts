import { beforeAll, describe, test } from 'vitest'
import { rig } from '../rig/machine/rig.ts'
import { campaign } from '../support/faults.ts'
import { expectNothingBroken } from './support/expect.ts'
import { sshdWithKeys } from './support/other-sshd.ts'
import { outcomeOf, rigSource, sceneWith, type Source } from './support/scene.ts'

let source: Source
beforeAll(async () => {
  source = await rigSource('test')
})

describe.each([
  ['given in advance', false],
  ['accepted by the operator', true],
])('a host key %s', (how, asksForHostKey) => {
  test.each(['backup', 'pull'] as const)('that changes before a %s stops it', async (kind) => {
    const changed = campaign(`${kind}, host key changed (${how})`, { full: 3, sample: 1 })
    const scene = await sceneWith(source, { asksForHostKey })
    const { world, database } = scene
    const { ssh, inner } = rig()
    for (let i = 0; i < changed.count; i++) {
      Object.assign(world.upstream, { host: inner.host, port: inner.port })
      const job = await (await world[kind](database)).ended
      Object.assign(world.upstream, { host: ssh.host, port: ssh.port })
      await expectNothingBroken({
        ...scene,
        job,
        states: ['failed'],
        kinds: ['host-key-changed'],
        retry: () => world.backup(database),
      })
      changed.came(outcomeOf(job))
    }
  })

  test('of which the server has only another type by now stops a backup', async () => {
    const typed = campaign(`backup, other key type only (${how})`, { full: 3, sample: 1 })
    const scene = await sceneWith(source, { asksForHostKey })
    const { world, database } = scene
    const { ssh } = rig()
    const other = await sshdWithKeys('ecdsa')
    for (let i = 0; i < typed.count; i++) {
      Object.assign(world.upstream, other)
      const job = await (await world.backup(database)).ended
      Object.assign(world.upstream, { host: ssh.host, port: ssh.port })
      await expectNothingBroken({
        ...scene,
        job,
        states: ['failed'],
        kinds: ['host-key-changed', 'ssh-protocol'],
        retry: () => world.backup(database),
      })
      typed.came(outcomeOf(job))
    }
  })
})
