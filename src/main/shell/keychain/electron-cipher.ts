import { safeStorage } from 'electron'
import type { Cipher } from './keychain.ts'
import { withoutKnownKey } from './known-key.ts'

/** safeStorage of older Electrons has no asynchronous half. */
type OldSafeStorage = Omit<
  typeof safeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'
>

/** The system's keychain through Electron. Only after the app is ready. */
export function electronCipher(): Cipher {
  const cipher = 'encryptStringAsync' in safeStorage ? newCipher(safeStorage) : oldCipher(safeStorage)
  return process.platform === 'linux' ? withoutKnownKey(cipher) : cipher
}

function newCipher(storage: typeof safeStorage): Cipher {
  return {
    status: async () => statusOf(await storage.isAsyncEncryptionAvailable(), storage),
    encrypt: (text) => storage.encryptStringAsync(text),
    decrypt: async (bytes) => (await storage.decryptStringAsync(bytes)).result,
  }
}

function oldCipher(storage: OldSafeStorage): Cipher {
  return {
    status: async () => statusOf(storage.isEncryptionAvailable(), storage),
    encrypt: async (text) => storage.encryptString(text),
    decrypt: async (bytes) => storage.decryptString(bytes),
  }
}

/** On Linux "available" may mean a constant key that every program knows. */
function statusOf(available: boolean, storage: Pick<typeof safeStorage, 'getSelectedStorageBackend'>) {
  if (process.platform === 'linux' && storage.getSelectedStorageBackend() === 'basic_text') return 'basic_text'
  return available ? 'available' : 'absent'
}
