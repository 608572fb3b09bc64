import { z } from 'zod'

/** Something the reader noticed. `line` and `byte` count in the decompressed text, from 1 and from 0. */
export const copyFindingSchema = z.object({
  kind: z.string(),
  detail: z.string(),
  table: z.string().nullable(),
  line: z.number().nullable(),
  byte: z.number().nullable(),
})
export type CopyFinding = z.infer<typeof copyFindingSchema>
