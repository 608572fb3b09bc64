import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { HostKey } from './target.ts'

/** One line of a known_hosts file that speaks about a host key. */
export type KnownHost = HostKey & {
  readonly mark: 'known' | 'revoked' | 'authority'
  /** the first field as it stands: patterns with commas, or one hashed name */
  readonly names: string
}

/**
 * Reads the text of a known_hosts file. Lines that are not understood are left out, as OpenSSH does;
 * format: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT".
 */
export function parseKnownHosts(text: string): KnownHost[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/[ \t]+/)
    if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return []
    const mark = marks[fields[0]]
    if (fields[0].startsWith('@') && !mark) return []
    const [names, type, key] = mark ? fields.slice(1) : fields
    if (!names || !type || !key || keyType(key) !== type) return []
    return [{ mark: mark ?? 'known', names, type, key: canonical(key) }]
  })
}

/** All entries of these files; a file that is not there holds none. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap(parseKnownHosts)
}

/** What known_hosts calls a host at a port: the bare name for 22, else `[name]:port`. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** Does the first field of a line mean this name (as given by `knownName`)? */
export function namesMatch(names: string, name: string): boolean {
  if (names.startsWith('|')) return hashedMatch(names, name)
  let matched = false
  for (const pattern of names.toLowerCase().split(',')) {
    const negated = pattern.startsWith('!')
    if (!wildcardMatch(negated ? pattern.slice(1) : pattern, name)) continue
    // one negated match rules the line out, whatever else stands in it
    if (negated) return false
    matched = true
  }
  return matched
}

/** The type that a public key blob names itself, or null when it is no key. */
export function keyType(key: string): string | null {
  const blob = Buffer.from(key, 'base64')
  if (blob.length < 8) return null
  const length = blob.readUInt32BE(0)
  return length > 0 && length <= 64 && blob.length > 4 + length ? blob.toString('latin1', 4, 4 + length) : null
}

const marks: Record<string, KnownHost['mark']> = { '@revoked': 'revoked', '@cert-authority': 'authority' }

function canonical(key: string): string {
  return Buffer.from(key, 'base64').toString('base64')
}

/** `|1|salt|hash`, where hash is HMAC-SHA1 of the name under the salt. */
function hashedMatch(field: string, name: string): boolean {
  const [, version, salt, hash] = field.split('|')
  if (version !== '1' || !salt || !hash) return false
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(Buffer.from(hash, 'base64'))
}

/** `*` and `?` only, in linear time: a hostile pattern can not make it slow. */
function wildcardMatch(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let resume = 0
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++
      resume = n
    } else if (pattern[p] === '?' || pattern[p] === name[n]) {
      p++
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++resume
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
