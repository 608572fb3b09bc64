import { z } from 'zod'

/** The throw-away PostgreSQL that a copy is restored in. */
export const sandboxKinds = ['docker', 'embedded'] as const
export const sandboxKindSchema = z.enum(sandboxKinds)
export type SandboxKind = (typeof sandboxKinds)[number]

/** `auto` takes docker where it answers, else embedded. */
export const sandboxChoiceSchema = z.enum(['auto', ...sandboxKinds])
export type SandboxChoice = z.infer<typeof sandboxChoiceSchema>

/** What proved something: in the evidence of a proof, and beside everything that was read from a sandbox. */
export const sandboxEngineSchema = z.object({
  kind: sandboxKindSchema,
  /** `18.1`, as the server itself says it */
  version: z.string(),
  /** the image of a container; null for embedded */
  image: z.string().nullable(),
  /** settings that differ from PostgreSQL's own defaults, by name */
  settings: z.record(z.string(), z.string()),
})
export type SandboxEngine = z.infer<typeof sandboxEngineSchema>

/** A sandbox that stands right now. */
export const sandboxRowSchema = z.object({
  id: z.string(),
  engine: sandboxEngineSchema,
  /** what it holds, for a person: `shop/prod`, or the name of a file */
  subject: z.string(),
  copyId: z.string().nullable(),
  jobId: z.string(),
  startedAt: z.iso.datetime(),
  /** `busy`: a verification works in it; `open`: it waits to be browsed */
  state: z.enum(['busy', 'open']),
  /** when it will be removed by itself; null while it is busy */
  until: z.iso.datetime().nullable(),
})
export type SandboxRow = z.infer<typeof sandboxRowSchema>

/** Whether an engine can be had on this computer, and if not, why. */
export const engineFactsSchema = z.object({
  kind: sandboxKindSchema,
  available: z.boolean(),
  /** `Docker 28.2`, `PostgreSQL 18.4` */
  version: z.string().nullable(),
  reason: z.string().nullable(),
  remedy: z.string().nullable(),
  /** images of PostgreSQL that lie here already */
  images: z.array(z.string()),
})
export type EngineFacts = z.infer<typeof engineFactsSchema>
