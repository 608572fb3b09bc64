import { z } from 'zod'

/**
 * A value as PostgreSQL prints it. An object where it was too long to send whole: `text` is how it begins, `bytes` how
 * many bytes the value has, and `browse.value` gives all of it.
 */
export const cellSchema = z.union([z.null(), z.string(), z.object({ text: z.string(), bytes: z.number() })])
export type Cell = z.infer<typeof cellSchema>

/** `type` as PostgreSQL spells it: `numeric(10,2)`, `text[]` */
export const browseColumnSchema = z.object({ name: z.string(), type: z.string() })
export type BrowseColumn = z.infer<typeof browseColumnSchema>

export const browseTableSchema = z.object({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'partitioned', 'view', 'matview', 'foreign']),
  /** as counted by the verification, else null */
  rows: z.number().nullable(),
})
export type BrowseTable = z.infer<typeof browseTableSchema>

/** What is shown of a table: all filters must hold. */
export const browseViewSchema = z.object({
  sandboxId: z.string(),
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  filters: z
    .array(
      z.object({
        column: z.string(),
        test: z.enum(['contains', 'equals', 'null', 'not-null']),
        value: z.string().max(10_000).default(''),
      }),
    )
    .default([]),
})
export type BrowseView = z.input<typeof browseViewSchema>

/**
 * Rows in the order of the view, from wherever the cursor stood. They may be fewer than were asked for although more
 * follow: a page is sent as soon as it is large, or took long.
 */
export const browsePageSchema = z.object({
  rows: z.array(z.array(cellSchema)),
  /** nothing follows */
  end: z.boolean(),
})
export type BrowsePage = z.infer<typeof browsePageSchema>
