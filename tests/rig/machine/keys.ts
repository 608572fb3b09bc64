import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'
import { secret } from './secrets.ts'
import { sshDir } from './where.ts'

export interface Key {
  /** The private key's file; the public one is beside it with `.pub`. */
  path: string
  passphrase: string | null
  /** `ssh-ed25519 AAAA…`, without a comment. */
  publicKey: string
  /** As OpenSSH prints it: `SHA256:…`. */
  fingerprint: string
}

const kinds = {
  ed25519: ['-t', 'ed25519'],
  rsa: ['-t', 'rsa', '-b', '3072'],
  ecdsa: ['-t', 'ecdsa', '-b', '256'],
} as const

export type KeyKind = keyof typeof kinds

/** Reads the key pair of this name, made first when it is missing. */
export async function keyPair(name: string, kind: KeyKind, passphrase: string | null = null): Promise<Key> {
  const path = join(sshDir, name)
  if (!existsSync(path)) {
    mkdirSync(sshDir, { recursive: true, mode: 0o700 })
    await run('ssh-keygen', ['-q', ...kinds[kind], '-N', passphrase ?? '', '-C', `lifeboat-rig ${name}`, '-f', path])
  }
  const publicKey = readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')
  const fingerprint = (await run('ssh-keygen', ['-l', '-f', `${path}.pub`])).stdout.split(' ')[1] ?? ''
  return { path, passphrase, publicKey, fingerprint }
}

/** The keys that a client may log in with. `stranger` is let in nowhere. */
export async function clientKeys(): Promise<Record<'ed25519' | 'encrypted' | 'rsa' | 'ecdsa' | 'stranger', Key>> {
  return {
    ed25519: await keyPair('id_ed25519', 'ed25519'),
    encrypted: await keyPair('id_ed25519_encrypted', 'ed25519', secret('passphrase of the encrypted key')),
    rsa: await keyPair('id_rsa', 'rsa'),
    ecdsa: await keyPair('id_ecdsa', 'ecdsa'),
    stranger: await keyPair('id_stranger', 'ed25519'),
  }
}

/** The host keys of one sshd, one of each kind. */
export async function hostKeys(server: string): Promise<Key[]> {
  const kinds: KeyKind[] = ['ed25519', 'rsa', 'ecdsa']
  return Promise.all(kinds.map((kind) => keyPair(`host_${server}_${kind}`, kind)))
}
