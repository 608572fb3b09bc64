import { createSecretKey } from 'node:crypto'
import type { Client } from 'ssh2'

/**
 * ssh2 makes a cipher for each packet and hands Node the raw key each time, which costs as much as the AES itself.
 * A key object in its place, made once, takes 12 of 25 µs off a packet of 32 KB. Where ssh2's inside looks different,
 * nothing happens and everything works as before, only slower.
 */
export function quickenCiphers(client: Client): void {
  // the new keys are put in place only after the event that announces them
  setImmediate(() => {
    const protocol: unknown = Reflect.get(client, '_protocol')
    keepKey(protocol, '_decipher', '_decipherKey')
    keepKey(protocol, '_cipher', '_encKey')
  })
}

function keepKey(protocol: unknown, part: string, name: string): void {
  const cipher: unknown = isObject(protocol) ? Reflect.get(protocol, part) : undefined
  // only AES-GCM makes one for each packet
  if (!isObject(cipher) || !cipher.constructor.name.startsWith('AESGCM')) return
  const key: unknown = Reflect.get(cipher, name)
  if (Buffer.isBuffer(key)) Reflect.set(cipher, name, createSecretKey(key))
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
