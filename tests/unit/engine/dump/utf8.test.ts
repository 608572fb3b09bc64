import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Utf8Check } from '#engine/dump/utf8.ts'

/** Texts, some with a wrong byte in them. */
const bytes = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 30 }), fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }))))
  .map(([text, wrong]) => {
    const all = Buffer.from(text.toWellFormed())
    if (wrong && all.length > 0) all[wrong[0] % all.length] = wrong[1]
    return all
  })

test('pieces are valid exactly when the whole is', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 10 }), (all, places) => {
      const check = new Utf8Check()
      const cuts = [...places.map((place) => place % (all.length + 1)), all.length].sort((a, b) => a - b)
      let valid = true
      let from = 0
      for (const cut of cuts) {
        valid = check.valid(all.subarray(from, cut)) && valid
        from = cut
      }
      expect(valid && !check.open).toBe(isUtf8(all))
    }),
    { numRuns: 5000 },
  )
})
