import { z } from 'zod'
import { sandboxChoiceSchema } from './sandbox.ts'

const fields = {
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  /** a database whose newest readable copy is older than this many hours needs care */
  ageLimitHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 365),
  /** folder of the copies; null: the place that fits this system */
  copiesDir: z.string().nullable(),
  /** folders that were used before and may still hold copies: `catalogue rebuild` reads them too */
  formerCopiesDirs: z.array(z.string()),
  /** the sandbox that verification uses */
  sandbox: sandboxChoiceSchema,
  /** a sandbox that was kept for browsing is removed after this many minutes */
  keepSandboxMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60),
  /** the vault locks itself after so many minutes without use */
  vaultIdleMinutes: z
    .number()
    .int()
    .min(1)
    .max(8 * 60),
}

export const settingsSchema = z.object({
  language: fields.language.default('system'),
  theme: fields.theme.default('system'),
  ageLimitHours: fields.ageLimitHours.default(26),
  copiesDir: fields.copiesDir.default(null),
  formerCopiesDirs: fields.formerCopiesDirs.default([]),
  sandbox: fields.sandbox.default('auto'),
  keepSandboxMinutes: fields.keepSandboxMinutes.default(15),
  vaultIdleMinutes: fields.vaultIdleMinutes.default(10),
})
export type Settings = z.infer<typeof settingsSchema>
export const defaultSettings: Settings = settingsSchema.parse({})

/**
 * Some settings, the others as they are. Made of fields without defaults: zod fills defaults in also where a field is
 * optional, and a change of the theme would set the folder of the copies back.
 */
export const settingsChangeSchema = z.object(fields).partial()
