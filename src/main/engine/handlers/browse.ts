import type { BrowseTable } from '#shared/browse.ts'
import type { VerifiedTable } from '#shared/verification.ts'
import { readCopy } from '#engine/copies/show.ts'
import { createBrowser } from '#engine/verification/browse.ts'
import type { Context, Handlers } from './context.ts'

type Words = Extract<keyof Handlers, `browse.${string}`>

export function browseHandlers(context: Context): Pick<Handlers, Words> {
  const browser = createBrowser({ find: context.sandboxes.find })
  context.ended.push(browser.end)
  return {
    'browse.tables': async ({ sandboxId }) => {
      const [tables, counted] = await Promise.all([browser.tables(sandboxId), countedTables(context, sandboxId)])
      return tables.map((table) => ({ ...table, rows: rowsOf(table, counted) }))
    },
    'browse.open': browser.open,
    'browse.fetch': async ({ cursorId, limit }) => browser.fetch(cursorId, limit),
    'browse.value': async ({ cursorId, row, column }) => browser.value(cursorId, row, column),
    'browse.csv': async ({ limit, ...view }) => browser.csv(view, limit),
    'browse.close': async ({ cursorId }) => {
      await browser.close(cursorId)
      return {}
    },
  }
}

/** What the verification has counted that this sandbox was made for. */
async function countedTables(context: Context, sandboxId: string): Promise<readonly VerifiedTable[]> {
  const { copyId, jobId } = context.sandboxes.find(sandboxId).row()
  if (copyId === null) return []
  const { verification } = await readCopy(context.catalogue, copyId)
  return verification?.jobId === jobId ? verification.tables : []
}

function rowsOf(table: Omit<BrowseTable, 'rows'>, counted: readonly VerifiedTable[]): number | null {
  const found = counted.find(
    ({ database, schema, name }) =>
      (database === null || database === table.database) && schema === table.schema && name === table.name,
  )
  return found?.restoredRows ?? null
}
