import type { AuthContext } from 'ssh2'
import { expect, onTestFinished, test } from 'vitest'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import { connectServer } from '#engine/servers/connect.ts'
import { testServer } from '#engine/servers/test-connection.ts'
import { fingerprint } from '#engine/ssh/host-key.ts'
import { noon, someServer } from '../../../support/copies.ts'
import { memoryKeychain } from '../../../support/vault.ts'
import { faultyServer, passOn } from '../ssh/faulty-server.ts'

const refuse = (context: AuthContext): void => context.reject(['password'])
const letIn = (context: AuthContext): void =>
  context.method === 'password' ? context.accept() : context.reject(['password'])

/** Tests `shop` behind `door`, at which these are the logins. What came of its first checks. */
async function tested(logins: { door: typeof refuse; shop: typeof refuse }, answer: string | null = 'secret') {
  const door = await faultyServer({ authenticate: logins.door, onClient: passOn })
  const shop = await faultyServer({ authenticate: logins.shop })
  onTestFinished(async () => {
    await shop.close()
    await door.close()
  })
  const entry = (name: string, { target, hostKey }: typeof door, change: Partial<Server> = {}): Server =>
    someServer(name, {
      host: target.host,
      port: target.port,
      auth: { kind: 'password' },
      hostKey: fingerprint(hostKey.key),
      ...change,
    })
  const servers = [entry('door', door), entry('shop', shop, { jump: 'door' })]
  const [, server] = servers
  if (!server) throw new Error('no server')
  const { signal } = new AbortController()
  const { checks } = await testServer(server, {
    connect: () =>
      connectServer(server, {
        servers,
        pinsFor: () => [],
        addPin: () => {},
        settlePin: () => {},
        ask: async () => {
          if (answer === null) throw new LifeboatFailure('answer-needed', 'Nobody is there.')
          return { kind: 'secret', answers: [answer], remember: false }
        },
        secrets: memoryKeychain('absent').keychain,
        signal,
        log: () => {},
        now: noon,
        knownHostsFiles: [],
      }),
    local: { copiesDir: '/copies', freeBytes: async () => 1e15, ageLimitHours: 26 },
    now: noon,
    signal,
    log: () => {},
    onProgress: () => {},
  })
  const [reach, key, login] = checks
  return { outcomes: [reach, key, login].map((check) => check?.outcome), reach, login }
}

test('a jump host that refuses the login, or whose question nobody answers, proves nothing of the server', async () => {
  const refused = await tested({ door: refuse, shop: letIn })
  expect(refused.outcomes).toEqual(['failed', 'not-checked', 'not-checked'])
  expect(refused.reach?.detail).toMatch(/door refused the login/)
  const unanswered = await tested({ door: letIn, shop: letIn }, null)
  expect(unanswered.outcomes).toEqual(['failed', 'not-checked', 'not-checked'])
})

test('a server behind a jump host that refuses the login was reached, and its host key proven', async () => {
  const { outcomes, login } = await tested({ door: letIn, shop: refuse })
  expect(outcomes).toEqual(['proven', 'proven', 'failed'])
  expect(login?.detail).toMatch(/shop refused the login/)
})
