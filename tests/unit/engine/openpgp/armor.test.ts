import fc from 'fast-check'
import { armor, enums } from 'openpgp'
import { expect, test } from 'vitest'
import { withoutArmor } from '#engine/openpgp/armor.ts'

test('what was put into armor is seen again, also where only a begin of it is there', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(), (bytes, cut) => {
      const text = Buffer.from(armor(enums.armor.message, bytes, undefined, undefined, 'a comment'))
      expect(withoutArmor(text)).toEqual(Buffer.from(bytes))
      const begin = withoutArmor(text.subarray(0, 64 + (cut % text.length)))
      expect(begin).toEqual(Buffer.from(bytes).subarray(0, begin.length))
    }),
    { numRuns: 200 },
  )
})

test('of anything else it gives what it was given, and throws nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const plain = Buffer.from(bytes)
      expect(withoutArmor(plain)).toBe(plain)
      expect(withoutArmor(Buffer.concat([Buffer.from('-----BEGIN PGP '), plain]))).toBeInstanceOf(Buffer)
    }),
  )
})
