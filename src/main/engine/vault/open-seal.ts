import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { LifeboatFailure } from '#shared/failure.ts'
import { printable } from '#shared/name.ts'
import { diskFailure } from '#engine/disk/failure.ts'
import type { NotOpened, Opened } from '#engine/openpgp/protocol.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { unpackArchive } from './archive.ts'
import { openWithGpg } from './gpg.ts'
import type { FoundSeal } from './list.ts'
import type { Hold } from './lock.ts'
import { passphraseReference, type VaultTools } from './tools.ts'

/** A seal is held in memory as a whole. */
const maxSealBytes = 96 * 1024 * 1024
const tries = 3

/**
 * The files of a seal. Asks for the passphrase where none that is held fits; goes through the operator's own gpg where it
 * was sealed for keys. Nothing is given before all of it was proven whole.
 * @throws LifeboatFailure seal-damaged · seal-refused · seal-key · passphrase-wrong · answer-needed · copy-missing
 */
export async function openSeal(seal: FoundSeal, tools: VaultTools, signal: AbortSignal): Promise<TarFile[]> {
  const name = printable(basename(seal.file))
  const sealed = await readSealed(seal)
  const sha256 = createHash('sha256').update(sealed).digest('hex')
  if (seal.record && seal.record.sha256 !== sha256)
    throw new LifeboatFailure('seal-damaged', `${name} is no longer what was sealed: its SHA-256 is another one.`)
  const { content, key, hold } = await contentOf(seal, sealed, sha256, tools, signal)
  const files = await unpackArchive(content, name)
  hold(key ? { sha256, key } : {})
  return files
}

/** Whether a passphrase opens a seal. Asks nobody; false also where the seal is damaged or can not be read. */
export async function opensWith(passphrase: string, seal: FoundSeal, { openPgp }: VaultTools): Promise<boolean> {
  const sealed = await readSealed(seal).catch(() => null)
  return sealed !== null && (await openPgp.open(sealed, passphrase)).outcome === 'opened'
}

type Content = { content: Uint8Array; key: Opened['key'] | null; hold: Hold }

async function contentOf(
  seal: FoundSeal,
  sealed: Buffer,
  sha256: string,
  tools: VaultTools,
  signal: AbortSignal,
): Promise<Content> {
  const hold = tools.lock.begin()
  const held = tools.lock.keyOf(sha256)
  if (held) return { ...orThrow(await tools.openPgp.openWith(sealed, held), seal), hold }
  const way = seal.kind === 'unknown' ? await wayOf(seal, sealed, tools) : seal.kind
  if (way === 'keys') return { ...(await openWithGpg(sealed, printable(basename(seal.file)), signal)), hold }
  return withPassphrase(seal, sealed, tools, signal)
}

/**
 * How a seal is opened whose begin did not tell it. Throws where it is no message at all: that is told of before anybody is
 * asked for a passphrase.
 */
async function wayOf(seal: FoundSeal, sealed: Buffer, { openPgp }: VaultTools): Promise<'passphrase' | 'keys'> {
  const looked = await openPgp.open(sealed, '')
  if (looked.outcome === 'for-keys') return 'keys'
  if (looked.outcome !== 'wrong-passphrase') orThrow(looked, seal)
  return 'passphrase'
}

/** Held passphrases first, then the keychain's, then the operator's. */
async function withPassphrase(
  seal: FoundSeal,
  sealed: Buffer,
  tools: VaultTools,
  signal: AbortSignal,
): Promise<Content> {
  const tried = new Set<string>()
  const attempt = async (passphrase: string, hold: Hold): Promise<Content | null> => {
    if (tried.has(passphrase)) return null
    tried.add(passphrase)
    signal.throwIfAborted()
    const opened = await tools.openPgp.open(sealed, passphrase)
    if (opened.outcome === 'wrong-passphrase') return null
    const content = orThrow(opened, seal)
    hold({ passphrase })
    return { ...content, hold }
  }
  const kept = await keptPassphrase(tools)
  const begun = tools.lock.begin()
  for (const passphrase of [...tools.lock.passphrases(), ...(kept === null ? [] : [kept])]) {
    const opened = await attempt(passphrase, begun)
    if (opened) return opened
  }
  for (let asked = 0; asked < tries; asked += 1) {
    const { passphrase, remember } = await askFor(seal, asked > 0, tools, signal)
    // typing it unlocks, also behind a lock
    const opened = await attempt(passphrase, tools.lock.begin())
    if (!opened) continue
    if (remember) await tools.keychain.set(passphraseReference, passphrase)
    return opened
  }
  throw wrong(seal)
}

async function keptPassphrase({ keychain }: VaultTools): Promise<string | null> {
  return (await keychain.status()) === 'available' ? keychain.get(passphraseReference) : null
}

async function askFor(seal: FoundSeal, again: boolean, { ask, keychain }: VaultTools, signal: AbortSignal) {
  const answer = await ask(
    {
      kind: 'secret',
      what: 'vault-passphrase',
      server: seal.server,
      subject: basename(seal.file),
      questions: [{ text: 'Passphrase of the vault:', echo: false }],
      again,
      canRemember: (await keychain.status()) === 'available',
    },
    signal,
  )
  const passphrase = answer.kind === 'secret' ? answer.answers?.[0] : undefined
  if (answer.kind === 'secret' && passphrase !== undefined) return { passphrase, remember: answer.remember }
  throw again
    ? wrong(seal)
    : new LifeboatFailure('answer-needed', `The passphrase of ${basename(seal.file)} is needed.`)
}

function wrong(seal: FoundSeal): LifeboatFailure {
  const known = seal.record !== null
  const sentence = known
    ? `This is not the passphrase of ${basename(seal.file)}; the seal itself is whole.`
    : `This is not the passphrase of ${basename(seal.file)}, or its very begin is damaged.`
  return new LifeboatFailure('passphrase-wrong', sentence)
}

/** What was opened; why it was not, as a failure. */
function orThrow(answer: Opened | NotOpened, seal: FoundSeal): Opened {
  const name = printable(basename(seal.file))
  switch (answer.outcome) {
    case 'opened':
      return answer
    case 'wrong-passphrase':
      throw wrong(seal)
    case 'damaged':
      throw new LifeboatFailure('seal-damaged', `${name} is damaged or was changed.`, { detail: answer.reason })
    case 'refused':
      throw new LifeboatFailure('seal-refused', `${name} is not opened. ${answer.reason}`)
    case 'for-keys':
      throw new LifeboatFailure('seal-key', `${name} is sealed for the keys ${answer.keyIds.join(', ')}.`)
  }
}

async function readSealed({ file }: FoundSeal): Promise<Buffer> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const { size } = await handle.stat()
      if (size > maxSealBytes)
        throw new LifeboatFailure('seal-refused', `${printable(basename(file))} is larger than any seal can be.`)
      return await handle.readFile()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw diskFailure(error, `${printable(basename(file))} could not be read`)
  }
}
