import { LifeboatFailure } from '#shared/failure.ts'
import type { Cipher } from './keychain.ts'

/**
 * On Linux what is encrypted tells by its first bytes with what: Chromium takes a key that every program knows where it
 * gets none from the desktop, and still calls itself available: its name of a backend is a guess from the desktop's.
 */
export function withoutKnownKey(cipher: Cipher): Cipher {
  return {
    async status() {
      const status = await cipher.status()
      if (status !== 'available') return status
      try {
        return isUnderKnownKey(await cipher.encrypt('probe')) ? 'basic_text' : 'available'
      } catch {
        return 'absent'
      }
    },
    async encrypt(text) {
      const bytes = await cipher.encrypt(text)
      if (isUnderKnownKey(bytes)) throw nothingSafe()
      return bytes
    },
    // what an older Lifeboat kept so lies there as if in clear: it is asked for again, and then kept well
    decrypt: async (bytes) => {
      if (isUnderKnownKey(bytes)) throw nothingSafe()
      return cipher.decrypt(bytes)
    },
  }
}

/** The mark of Chromium's last resort on Linux. On other systems the good key has the same. */
function isUnderKnownKey(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).toString('latin1') === 'v10'
}

function nothingSafe(): LifeboatFailure {
  return new LifeboatFailure('keychain-absent', 'There is no safe place for secrets on this system.', {
    detail: 'keychain: the key is one that everybody knows',
  })
}
