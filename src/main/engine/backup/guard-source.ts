import { z } from 'zod'
import { quoteName } from '#engine/fingerprint/query.ts'
import { pinSettings } from '#engine/fingerprint/settings.ts'
import type { DatabaseFacts } from '#engine/postgres/facts.ts'
import { foreignCodeAmong } from '#engine/postgres/foreign-code.ts'
import type { PsqlSession } from '#engine/postgres/psql-session.ts'
import { asJson, parseRows } from '#engine/postgres/remote.ts'
import type { SourceTable } from '#engine/postgres/source-tables.ts'

/** Looks at tables as they are now. The session that counts can not: it sees the catalogue as it was when it began. */
export type SourceGuard = {
  /**
   * Whether these tables run nobody else's code when they are planned, in their order. Until `release` nobody can give them
   * any: no index and no statistics. Null: somebody else is at one of them (VACUUM, DDL), and nothing is held.
   */
  hold(tables: readonly SourceTable[]): Promise<boolean[] | null>
  release(): Promise<void>
}

const heldSchema = z.object({ oid: z.number(), schema: z.string(), name: z.string(), foreignCode: z.boolean() })

/**
 * A guard in a session of its own. Only a superuser may lock other people's tables so, and nobody on a standby; for others
 * the guard looks and holds nothing.
 */
export async function guardSource(session: PsqlSession, { superuser, standby }: DatabaseFacts): Promise<SourceGuard> {
  // half of what it takes until PostgreSQL ends an autovacuum that stands in the way
  await session.ask(`${pinSettings()} SET lock_timeout = '500ms'; SET idle_in_transaction_session_timeout = '1min';`)
  const locks = superuser && !standby
  return {
    async hold(tables) {
      const said = await session.ask(locks ? lockedSql(tables) : `BEGIN; ${lookSql(tables)};`)
      if (said.length === 0) return null
      const now = new Map(parseRows(said.join('\n'), heldSchema).map((table) => [table.oid, table]))
      return tables.map(({ oid, schema, name }) => {
        const table = now.get(oid)
        return table?.schema === schema && table.name === name && !table.foreignCode
      })
    },
    async release() {
      await session.ask('COMMIT;')
    },
  }
}

function lookSql(tables: readonly SourceTable[]): string {
  const oids = tables.map(({ oid }) => oid)
  return asJson(`select c.oid::int8 as oid, n.nspname as schema, c.relname as name,
      c.oid in (${foreignCodeAmong(oids)}) as "foreignCode"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid in (${oids.join(', ')})`)
}

/** The lock that CREATE INDEX and CREATE STATISTICS wait for; nobody who only reads and writes rows does. */
function lockedSql(tables: readonly SourceTable[]): string {
  const names = tables.map(({ schema, name }) => `ONLY ${quoteName(schema)}.${quoteName(name)}`)
  return `BEGIN;
\\set ON_ERROR_STOP 0
LOCK TABLE ${names.join(', ')} IN SHARE UPDATE EXCLUSIVE MODE;
\\if :ERROR
ROLLBACK;
\\else
${lookSql(tables)};
\\endif
\\set ON_ERROR_STOP 1`
}
