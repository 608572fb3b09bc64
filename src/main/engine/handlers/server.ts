import { randomUUID } from 'node:crypto'
import type { Parsed } from '#shared/contract.ts'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Server } from '#shared/server.ts'
import { listSshHosts } from '#engine/ssh/ssh-config.ts'
import { forgetPasswords } from '#engine/servers/secrets.ts'
import { testServer } from '#engine/servers/test-connection.ts'
import { isAlive } from '#engine/disk/owner.ts'
import { freeBytes } from '#engine/disk/space.ts'
import type { Context, Handlers } from './context.ts'

type Words =
  | 'server.list'
  | 'server.add'
  | 'server.update'
  | 'server.remove'
  | 'server.sshHosts'
  | 'server.test'
  | 'server.lastTest'

/** Whether both lead to the same machine, as the same user. */
export function isSameLogin(one: Server, other: Server): boolean {
  const login = ({ host, port, user, auth, jump, hostKey, configHost, sudo }: Server): string =>
    JSON.stringify([host, port, user, auth, jump, hostKey, configHost, sudo])
  return login(one) === login(other)
}

/** What was proven of another machine says nothing about this one. */
function forgetSeen({ catalogue }: Context, serverId: string): void {
  catalogue.tests.forget(serverId)
  for (const { id, server } of catalogue.databases.list()) if (server === serverId) catalogue.drifts.forget(id)
}

export function serverHandlers(context: Context): Pick<Handlers, Words> {
  const { catalogue, jobs, keychain } = context
  return {
    'server.list': async () => catalogue.servers.list(),
    'server.add': async (wanted) => {
      requireFree(context, wanted, null)
      const server: Server = { ...wanted, id: randomUUID(), addedAt: context.now().toISOString() }
      catalogue.servers.insert(server)
      context.changed('server')
      return server
    },
    'server.update': async ({ id, server: wanted }) => {
      const before = requireServer(context, id)
      requireFree(context, wanted, id)
      const server: Server = { ...wanted, id, addedAt: before.addedAt, demo: before.demo }
      catalogue.servers.update(server)
      if (!isSameLogin(before, server)) {
        // what it still finds out is about another machine
        const looks = jobs
          .running()
          .filter(({ kind, serverId }) => serverId === id && (kind === 'test' || kind === 'drift'))
        for (const job of looks) jobs.cancel(job.id)
        forgetSeen(context, id)
        await forgetPasswords(keychain, id)
      }
      context.changed('server', 'database', 'seal')
      return server
    },
    'server.remove': async ({ id }) => {
      const server = requireServer(context, id)
      const leaning = catalogue.servers.list().find((other) => other.jump === server.name)
      if (leaning) throw new LifeboatFailure('in-use', `${leaning.name} is reached through ${server.name}.`)
      requireIdle(context, id)
      catalogue.servers.remove(id)
      await forgetPasswords(keychain, id)
      context.changed('server', 'database')
      return {}
    },
    'server.sshHosts': async () => listSshHosts(),
    'server.lastTest': async ({ id }) => catalogue.tests.get(id) ?? null,
    'server.test': async ({ id }) => {
      const server = requireServer(context, id)
      const job = jobs.start(
        { kind: 'test', subject: server.name, serverId: id, key: `test:${id}`, once: true },
        async ({ signal, report }) => {
          report.step('checks')
          const copiesDir = context.copiesDir()
          await testServer(server, {
            connect: () => context.connect(server, signal, report.log),
            local: {
              copiesDir,
              freeBytes: () => freeBytes(copiesDir),
              ageLimitHours: catalogue.settings.get().ageLimitHours,
            },
            now: context.now,
            signal,
            log: report.log,
            onProgress: (test) => {
              const today = catalogue.servers.get(id)
              if (!today || !isSameLogin(today, server)) return
              // what is kept is over: nobody ends a test of an engine that died
              if (!test.running) catalogue.tests.put(test)
              context.emit({ name: 'test', value: test })
            },
          })
          return {}
        },
      )
      return { jobId: job.id }
    },
  }
}

export function requireServer({ catalogue }: Context, id: string): Server {
  const server = catalogue.servers.get(id)
  if (!server) throw new LifeboatFailure('not-found', 'This server is no longer in the list.')
  return server
}

/** A name is taken once; a jump host must exist, and no chain of jumps may bite its own tail. */
function requireFree({ catalogue }: Context, wanted: Parsed<'server.add'>, id: string | null): void {
  const others = catalogue.servers.list().filter((server) => server.id !== id)
  if (others.some((server) => server.name === wanted.name)) {
    throw new LifeboatFailure('name-taken', `There is already a server called ${wanted.name}.`)
  }
  const passed = new Set([wanted.name])
  for (let jump = wanted.jump; jump !== null;) {
    if (passed.has(jump)) throw new LifeboatFailure('invalid-input', `The way to ${wanted.name} leads back to ${jump}.`)
    passed.add(jump)
    const hop = others.find((server) => server.name === jump)
    if (!hop) throw new LifeboatFailure('not-found', `There is no server called ${jump} to jump through.`)
    jump = hop.jump
  }
}

function requireIdle({ catalogue }: Context, serverId: string): void {
  // also those of the window, where this is the terminal, and the other way round
  if (catalogue.jobs.underWay(isAlive).some((job) => job.serverId === serverId)) {
    throw new LifeboatFailure('in-use', 'Something is still running on this server.')
  }
}
