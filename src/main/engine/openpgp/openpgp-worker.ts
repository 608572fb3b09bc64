import { parentPort } from 'node:worker_threads'
import { readKeys } from './keys.ts'
import { openWithKey, openWithPassphrase } from './open.ts'
import type { Answer, FromThread, ToThread, Work } from './protocol.ts'
import { sealForKeys, sealWithPassphrase } from './seal.ts'

async function work(wanted: Work): Promise<Answer> {
  switch (wanted.kind) {
    case 'seal':
      return sealWithPassphrase(wanted.content, wanted.passphrase)
    case 'seal-for':
      return sealForKeys(wanted.content, wanted.keys, new Date(wanted.at))
    case 'open':
      return openWithPassphrase(wanted.sealed, wanted.passphrase)
    case 'open-with':
      return openWithKey(wanted.sealed, wanted.key)
    case 'read-keys':
      return { outcome: 'keys', keys: await readKeys(wanted.bytes, new Date(wanted.at)) }
  }
}

async function answer({ n, work: wanted }: ToThread): Promise<void> {
  const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
  const result = await work(wanted).catch((error: unknown): Answer => ({ outcome: 'failed', reason: reason(error) }))
  const message: FromThread = { n, answer: result }
  parentPort?.postMessage(message)
}

// The only one that posts here is the engine's own side, with exactly these.
parentPort?.on('message', (message: ToThread) => void answer(message))
