import type { Answer } from '#shared/prompt.ts'
import { newServerSchema, type Pin, type Server } from '#shared/server.ts'
import { connectServer, type ConnectContext } from '#engine/servers/connect.ts'
import type { Question } from '#engine/servers/secrets.ts'
import type { Connection } from '#engine/ssh/connection.ts'
import { rig, type RigUser } from './machine/rig.ts'

/** A rig account as a server of the list; its host key is given in advance unless told otherwise. */
export function serverOf(user: RigUser, change: Partial<Server> = {}): Server {
  const { ssh, keys } = rig()
  const hostKey = ssh.hostKeys[0]?.fingerprint ?? null
  const auth = user.login === 'publickey' ? { kind: 'key', file: keys.ed25519.path } : { kind: 'password' }
  const server = newServerSchema.parse({
    name: user.name,
    host: ssh.host,
    port: ssh.port,
    user: user.name,
    auth,
    hostKey,
  })
  return { ...server, id: `id-${user.name}`, addedAt: '2026-01-01T00:00:00.000Z', ...change }
}

export type World = ConnectContext & {
  readonly pins: Pin[]
  readonly asked: Question[]
  readonly kept: Map<string, string>
  readonly lines: string[]
}

/** What connectServer needs, with everything it does noted. `answer` stands in for the person. */
export function world(answer: (question: Question) => Answer, servers: readonly Server[] = []): World {
  const pins: Pin[] = []
  const asked: Question[] = []
  const kept = new Map<string, string>()
  const lines: string[] = []
  return {
    servers,
    pins,
    asked,
    kept,
    lines,
    pinsFor: (host, port) => pins.filter((pin) => pin.host === host && pin.port === port),
    addPin: (pin) => void pins.push(pin),
    settlePin: () => {},
    ask: async (question) => {
      asked.push(question)
      return answer(question)
    },
    secrets: {
      status: async () => 'available',
      get: async (reference) => kept.get(reference) ?? null,
      set: async (reference, secret) => void kept.set(reference, secret),
    },
    signal: new AbortController().signal,
    log: (line) => void lines.push(line),
    now: () => new Date(),
    knownHostsFiles: [],
  }
}

export function nobodyAnswers(question: Question): never {
  throw new Error(`nobody should be asked: ${JSON.stringify(question)}`)
}

/** Runs `work` over a connection of this account and closes it. */
export async function over<T>(user: RigUser, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectServer(serverOf(user), world(nobodyAnswers))
  try {
    return await work(connection)
  } finally {
    await connection.end()
  }
}
