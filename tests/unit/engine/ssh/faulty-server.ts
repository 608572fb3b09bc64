import { generateKeyPairSync } from 'node:crypto'
import { connect as openSocket } from 'node:net'
import {
  Server,
  utils,
  type AuthContext,
  type Connection as ServerSide,
  type ServerChannel,
  type ServerConfig,
} from 'ssh2'
import type { HostKey, HostTrust, SshTarget, Timeouts } from '#engine/ssh/target.ts'
import { connect, type Connection, type ConnectOptions } from '#engine/ssh/connect.ts'

export type Session = {
  readonly channel: ServerChannel
  /** the line that was to be run, as it came */
  readonly line: string
  /** the socket under the connection, to be broken */
  readonly client: ServerSide
  /** prints our marker on both outputs, as the line would have done */
  begin(): void
}

export type FaultyServer = {
  readonly target: SshTarget
  readonly hostKey: HostKey
  /** trusts the server's key by a pin */
  readonly trust: HostTrust
  readonly clients: Set<ServerSide>
  close(): Promise<void>
}

type Wishes = {
  hostKeys?: string[]
  algorithms?: ServerConfig['algorithms']
  authenticate?: (context: AuthContext) => void
  /** what a command does; nothing is sent unless this does it */
  onCommand?: (session: Session) => void
  /** ssh2's own events, for what the above does not reach */
  onClient?: (client: ServerSide) => void
}

export const fast: Partial<Timeouts> = { connect: 5000, keepAlive: 200, dead: 1000, stall: 5000 }

/** An SSH server inside the test that can misbehave in ways a real one seldom does. */
export async function faultyServer(wishes: Wishes = {}): Promise<FaultyServer> {
  const hostKeys = wishes.hostKeys ?? [newHostKey('ed25519')]
  const clients = new Set<ServerSide>()
  const server = new Server({ hostKeys, ...(wishes.algorithms && { algorithms: wishes.algorithms }) }, (client) => {
    clients.add(client)
    client.on('error', () => {})
    client.on('close', () => clients.delete(client))
    client.on('authentication', (context) => (wishes.authenticate ?? accept)(context))
    client.on('session', (open) => {
      const session = open()
      session.on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec()
        channel.on('error', () => {})
        const begin = () => {
          const marker = /lifeboat-[0-9a-f]{32}/.exec(command)?.[0]
          channel.write(`${marker}\n`)
          channel.stderr.write(`${marker}\n`)
        }
        wishes.onCommand?.({ channel, line: command, client, begin })
        // unread input would hold back the close
        if (channel.listenerCount('data') === 0) channel.resume()
      })
    })
    wishes.onClient?.(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const { port } = address
  const hostKey = publicOf(hostKeys[0] ?? '')
  return {
    target: { label: 'faulty', host: '127.0.0.1', port, user: 'someone', auth: { kind: 'password' } },
    hostKey,
    trust: { pins: () => [{ ...hostKey, way: '' }], settle: () => {}, knownHostsFiles: [] },
    clients,
    close: async () => {
      for (const client of clients) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Has a server pass connections on, as sshd does with AllowTcpForwarding. */
export function passOn(client: ServerSide): void {
  client.on('tcpip', (acceptOne, reject, { destIP, destPort }) => {
    const onward = openSocket(destPort, destIP, () => {
      const channel = acceptOne()
      channel.on('error', () => onward.destroy())
      onward.pipe(channel).pipe(onward)
    })
    onward.on('error', () => reject())
  })
}

/** Logs in at such a server with any password. */
export async function reach(server: FaultyServer, change: Partial<ConnectOptions> = {}): Promise<Connection> {
  const signal = new AbortController().signal
  return connect(server.target, { signal, trust: server.trust, ask: async () => ['secret'], timeouts: fast, ...change })
}

export function newHostKey(kind: 'ed25519' | 'rsa' | 'ecdsa'): string {
  switch (kind) {
    case 'ed25519':
      return ed25519()
    case 'ecdsa':
      return utils.generateKeyPairSync('ecdsa', { bits: 256 }).private
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
        .privateKey.export({ type: 'pkcs1', format: 'pem' })
        .toString()
  }
}

/** About one in 170 of the keys that ssh2 1.17 makes can not be read, by itself either. */
function ed25519(): string {
  for (;;) {
    const key = utils.generateKeyPairSync('ed25519').private
    if (!(utils.parseKey(key) instanceof Error)) return key
  }
}

export function publicOf(privateKey: string): HostKey {
  const key = utils.parseKey(privateKey)
  if (key instanceof Error) throw key
  return { type: key.type, key: key.getPublicSSH().toString('base64') }
}

function accept(context: AuthContext): void {
  if (context.method === 'none') context.reject(['password', 'keyboard-interactive', 'publickey'])
  else context.accept()
}
