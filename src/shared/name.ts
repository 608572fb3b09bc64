import { z } from 'zod'

/** C0/C1 controls, and the marks that reorder or hide text: they make a name look like another one. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u

/**
 * The name of a server or the label of a database, as a person types it.
 * A slash would break `SERVER/LABEL`; folders get their own safe spelling, so everything else that can be seen is allowed.
 */
export const nameSchema = z
  .string()
  .transform((name) => name.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'a name is needed')
      .max(100, 'at most 100 characters')
      .refine((name) => !name.includes('/'), 'a name holds no slash')
      .refine((name) => !unprintable.test(name), 'a name holds no invisible characters'),
  )

/** Foreign text for one line of a list or a log: control and bidi characters become visible marks. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (mark) =>
    mark === '\n' ? '⏎' : `\\u{${(mark.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
