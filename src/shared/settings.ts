import { z } from 'zod'

export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** a database whose newest readable copy is older than this many hours needs care */
  ageLimitHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 365)
    .default(26),
  /** folder of the copies; null: the place that fits this system */
  copiesDir: z.string().nullable().default(null),
  /** folders that were used before and may still hold copies: `catalogue rebuild` reads them too */
  formerCopiesDirs: z.array(z.string()).default([]),
  /** the sandbox that verification will use */
  sandbox: z.enum(['auto', 'docker', 'embedded']).default('auto'),
})
export type Settings = z.infer<typeof settingsSchema>
export const defaultSettings: Settings = settingsSchema.parse({})
