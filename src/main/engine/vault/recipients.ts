import { readdir, readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import type { Recipient } from '#shared/vault.ts'
import { removeFile, replaceFile } from '#engine/disk/file.ts'
import { makePrivateFolder } from '#engine/disk/folder.ts'
import { diskFailure, errorCode } from '#engine/disk/failure.ts'
import type { KeyFacts } from '#engine/openpgp/protocol.ts'
import type { OpenPgp } from '#engine/openpgp/thread.ts'
import { exportKeys } from './gpg.ts'

type Keyring = { readonly folder: string; readonly openPgp: OpenPgp; readonly now: () => Date }
type Known = KeyFacts & { readonly from: Recipient['from'] }

/** a public key with a photograph in it is still smaller */
const maxKeyBytes = 4 * 1024 * 1024

/** Every key that can be sealed for: the imported ones, then those of the operator's gpg. */
export async function listRecipients(keyring: Keyring): Promise<Recipient[]> {
  return (await knownKeys(keyring)).map(shown)
}

/** Keeps the public keys of a file. Of a secret key only its public half. */
export async function importRecipients(file: string, keyring: Keyring): Promise<Recipient[]> {
  const keys = await readKeyFile(file, keyring)
  await makePrivateFolder(keyring.folder)
  for (const key of keys) await keep(key, keyring)
  return keys.map((key) => shown({ ...key, from: 'imported' }))
}

export async function removeRecipient(fingerprint: string, { folder }: Keyring): Promise<void> {
  if (!/^[0-9A-F]{40}$/.test(fingerprint)) throw notKnown(fingerprint)
  await removeFile(join(folder, `${fingerprint}.pgp`))
}

/**
 * The keys to seal for, binary: named by the absolute path of a file, a fingerprint, a long key id, or an address. A file's
 * keys are kept, so that the next seal can be made for them again.
 * @throws LifeboatFailure seal-key for one that is not known, not the only one, or that nothing can be sealed for
 */
export async function resolveRecipients(names: readonly string[], keyring: Keyring): Promise<Uint8Array[]> {
  const chosen = new Map<string, KeyFacts>()
  let known: Known[] | null = null
  for (const name of names) {
    if (await isFile(name)) await importRecipients(name, keyring)
    known ??= await knownKeys(keyring)
    const keys = (await isFile(name)) ? await readKeyFile(name, keyring) : [theOne(known, name)]
    for (const key of keys) {
      if (key.problem !== null)
        throw new LifeboatFailure('seal-key', `Nothing can be sealed for ${key.user || key.fingerprint}.`, {
          detail: key.problem,
        })
      chosen.set(key.fingerprint, key)
    }
  }
  return [...chosen.values()].map(({ bytes }) => bytes)
}

async function knownKeys({ folder, openPgp, now }: Keyring): Promise<Known[]> {
  const known = new Map<string, Known>()
  for (const bytes of await importedFiles(folder)) {
    // one that is cut or damaged hides none of the others; imported again, it is whole
    const keys = await openPgp.readKeys(bytes, now()).catch(() => [])
    for (const key of keys) known.set(key.fingerprint, { ...key, from: 'imported' })
  }
  const exported = await exportKeys([], AbortSignal.timeout(30_000)).catch(() => new Uint8Array())
  const own = exported.byteLength > 0 ? await openPgp.readKeys(exported, now()) : []
  for (const key of own) if (!known.has(key.fingerprint)) known.set(key.fingerprint, { ...key, from: 'gpg' })
  return [...known.values()]
}

async function importedFiles(folder: string): Promise<Buffer[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (errorCode(error) === 'ENOENT') return []
    throw diskFailure(error, 'The imported keys could not be read')
  })
  return Promise.all(
    names.filter((name) => /^[0-9A-F]{40}\.pgp$/.test(name)).map((name) => readFile(join(folder, name))),
  )
}

async function readKeyFile(file: string, { openPgp, now }: Keyring): Promise<readonly KeyFacts[]> {
  const facts = await stat(file).catch((cause: unknown) => {
    throw new LifeboatFailure('seal-key', `The key file ${file} can not be read.`, { cause })
  })
  if (!facts.isFile() || facts.size > maxKeyBytes) throw new LifeboatFailure('seal-key', `${file} is no key file.`)
  return openPgp.readKeys(await readFile(file), now())
}

async function keep({ fingerprint, bytes }: KeyFacts, { folder }: Keyring): Promise<void> {
  // a key that was prolonged or revoked takes the place of what it was
  await replaceFile(join(folder, `${fingerprint}.pgp`), bytes)
}

function theOne(known: readonly Known[], name: string): Known {
  const wanted = name.replace(/^0x/i, '').replaceAll(' ', '').toUpperCase()
  const fits = known.filter(
    ({ fingerprint, keyIds, user }) =>
      fingerprint === wanted || keyIds.includes(wanted) || user === name || user.endsWith(`<${name}>`),
  )
  const [one, ...others] = fits
  if (!one) throw notKnown(name)
  if (others.length > 0)
    throw new LifeboatFailure('seal-key', `There are ${fits.length} keys of ${name}. Name one by its fingerprint.`)
  return one
}

function notKnown(name: string): LifeboatFailure {
  return new LifeboatFailure('seal-key', `No public key of ${name} is known, and there is no such file.`)
}

/** Only by its whole path: an address or a key id must not become a file that lies in whatever folder this runs in. */
async function isFile(path: string): Promise<boolean> {
  if (!isAbsolute(path)) return false
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  )
}

function shown({ fingerprint, user, createdAt, from, problem }: Known): Recipient {
  return { fingerprint, keyId: fingerprint.slice(-16), user, createdAt, from, problem }
}
