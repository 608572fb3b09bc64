import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { settingsSchema } from '#shared/settings.ts'

/** What the shell knows before the engine is there: so that the first frame has its place, its colour and its words. */
const rememberedSchema = z.object({
  bounds: z
    .object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() })
    .nullable()
    .catch(null),
  maximised: z.boolean().catch(false),
  theme: settingsSchema.shape.theme.catch('system'),
  language: settingsSchema.shape.language.catch('system'),
})
export type Remembered = z.infer<typeof rememberedSchema>

export interface Memory {
  readonly value: Remembered
  /** keeps it, now and for the next start; a disk that refuses costs no more than the memory */
  remember(change: Partial<Remembered>): void
}

/** The shell's memory in one small file. Whatever in it makes no sense is forgotten. */
export function memoryIn(file: string): Memory {
  let value = read(file)
  return {
    get value() {
      return value
    },
    remember(change) {
      const next = { ...value, ...change }
      if (JSON.stringify(next) === JSON.stringify(value)) return
      value = next
      try {
        writeFileSync(`${file}.part`, JSON.stringify(value), { mode: 0o600 })
        renameSync(`${file}.part`, file)
      } catch {
        // The next start opens as if it were the first.
      }
    },
  }
}

function read(file: string): Remembered {
  let found: unknown
  try {
    found = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    found = null
  }
  const parsed = rememberedSchema.safeParse(found)
  return parsed.success ? parsed.data : rememberedSchema.parse({})
}
