import { spawn } from 'node:child_process'
import { timingSafeEqual } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import ssh2, { type AuthContext, type Session } from 'ssh2'
import { serveFolder } from './sftp-folder.ts'

export type DemoSsh = { port: number; user: string; keyFile: string; hostKey: string; stop(): Promise<void> }

type Options = {
  /** where the login key is written */
  keyFolder: string
  /** home of the only user, and the only folder that SFTP shows */
  home: string
  /** environment of what the user runs; no variable of this process gets through */
  env: Record<string, string>
}

const user = 'operator'

/**
 * A real SSH server on the loopback device: fresh keys at each start, public key login only, commands run by a real
 * shell, files over SFTP.
 */
export async function startSshServer({ keyFolder, home, env }: Options): Promise<DemoSsh> {
  const host = freshKey()
  const login = freshKey()
  const keyFile = join(keyFolder, 'id_ed25519')
  writeFileSync(keyFile, login.private, { mode: 0o600 })
  chmodSync(keyFile, 0o600)

  const server = new ssh2.Server({ hostKeys: [host.private], ident: 'LifeboatDemo' }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (context) => authenticate(context, login.public))
    client.on('session', (accept) => serveSession(accept(), home, env))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  const { port } = addressOf(server)
  return {
    port,
    user,
    keyFile,
    hostKey: await fingerprintOf(host.public),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** About one in 170 of the Ed25519 keys that ssh2 1.17 makes can not be read again, by ssh2 either. */
function freshKey(): { private: string; public: string } {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'Lifeboat demo' })
    if (!(ssh2.utils.parseKey(key.private) instanceof Error)) return key
  }
}

function authenticate(context: AuthContext, publicKey: string): void {
  const known = ssh2.utils.parseKey(publicKey)
  if (known instanceof Error || context.username !== user || context.method !== 'publickey') {
    return context.reject(['publickey'])
  }
  const wanted = known.getPublicSSH()
  const same = context.key.data.length === wanted.length && timingSafeEqual(context.key.data, wanted)
  if (!same) return context.reject(['publickey'])
  if (!context.signature) return context.accept()
  const signed = context.blob !== undefined && known.verify(context.blob, context.signature, context.hashAlgo) === true
  if (signed) context.accept()
  else context.reject(['publickey'])
}

function serveSession(session: Session, home: string, env: Record<string, string>): void {
  session.on('sftp', (accept) => serveFolder(accept(), home))
  session.on('exec', (accept, _reject, info) => {
    const channel = accept()
    const child = spawn('/bin/sh', ['-c', info.command], { cwd: home, env, stdio: 'pipe' })
    channel.pipe(child.stdin)
    child.stdin.on('error', () => {})
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    child.on('error', () => endChannel(127))
    child.on('close', (code) => endChannel(code ?? 137))
    channel.on('close', () => child.kill())
    channel.on('error', () => child.kill())
    function endChannel(code: number): void {
      channel.exit(code)
      channel.end()
    }
  })
}

async function fingerprintOf(publicKey: string): Promise<string> {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64')
  const digest = await crypto.subtle.digest('SHA-256', blob)
  return `SHA256:${Buffer.from(digest).toString('base64').replace(/=+$/, '')}`
}

function addressOf(server: ssh2.Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the demo server has no port')
  return address
}
