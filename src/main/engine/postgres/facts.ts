import { z } from 'zod'
import { LifeboatFailure } from '#shared/failure.ts'

/** Asks one SELECT; see RemotePostgres.rows. */
export type Ask = <T>(select: string, row: z.ZodType<T>, signal?: AbortSignal) => Promise<T[]>

const factsSchema = z.object({
  version: z.string().max(200),
  versionNumber: z.coerce.number().int(),
  encoding: z.string().max(60),
  /** what a session gets that asks for nothing, as the cron's pg_dump */
  timeZone: z.string().max(200),
  /** bytes, pg_database_size; null when the user may not ask */
  size: z.number().nullable(),
  superuser: z.boolean(),
  /** a read-only copy of another server */
  standby: z.boolean(),
  /** the moment up to which it surely holds what its primary did; null where it is none, or can not tell */
  standbyAsOf: z.iso.datetime({ offset: true }).nullable(),
})
export type DatabaseFacts = z.infer<typeof factsSchema>

const factsSql = `select split_part(current_setting('server_version'), ' ', 1) as version,
  current_setting('server_version_num') as "versionNumber",
  current_setting('server_encoding') as encoding,
  current_setting('TimeZone') as "timeZone",
  case when has_database_privilege(current_database(), 'CONNECT') then pg_database_size(current_database()) end as size,
  (select usesuper from pg_catalog.pg_user where usename = current_user) as superuser,
  pg_is_in_recovery() as standby,
  case when pg_is_in_recovery() then coalesce(
    (select last_msg_receipt_time from pg_catalog.pg_stat_get_wal_receiver()
      where status = 'streaming' and pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()),
    pg_last_xact_replay_timestamp()) end as "standbyAsOf"`

/** Facts about the database itself. */
export async function databaseFacts(ask: Ask, signal?: AbortSignal): Promise<DatabaseFacts> {
  const [facts] = await ask(factsSql, factsSchema, signal)
  if (!facts) throw new LifeboatFailure('remote-command', 'PostgreSQL did not tell its version.')
  return facts
}

const listedSchema = z.object({
  name: z.string().max(1000),
  owner: z.string().max(1000),
  size: z.number().nullable(),
})
export type ListedDatabase = z.infer<typeof listedSchema>

/** The databases that can be dumped, templates left out, largest first. */
export function listDatabases(ask: Ask, signal?: AbortSignal): Promise<ListedDatabase[]> {
  const sql = `select datname as name, pg_catalog.pg_get_userbyid(datdba) as owner,
      case when has_database_privilege(oid, 'CONNECT') then pg_database_size(oid) end as size
    from pg_catalog.pg_database where datallowconn and not datistemplate
    order by 3 desc nulls last, 1 limit 1000`
  return ask(sql, listedSchema, signal)
}

/** Whether anybody has put tables into this database. */
export async function holdsTables(ask: Ask, signal?: AbortSignal): Promise<boolean> {
  const sql = `select exists (select from pg_catalog.pg_class where oid >= 16384 and relkind in ('r', 'p', 'm', 'f')
      and relnamespace in (select oid from pg_catalog.pg_namespace where nspname not in ('pg_catalog', 'information_schema'))
    ) as holds`
  const [row] = await ask(sql, z.object({ holds: z.boolean() }), signal)
  return row?.holds ?? false
}

/** What a new server needs before the dump loads there as it was. */
export type SourceNeeds = {
  readonly roles: string[]
  /** `database NAME: setting=value`, `role NAME: …`, `role NAME in database NAME: …` */
  readonly settings: string[]
}

// roles that own or are granted something in this database; the bootstrap superuser is pinned and so not in pg_shdepend
const rolesSql = `select distinct 'role' as kind, rolname::text as line from pg_catalog.pg_roles r where r.oid in (
    select datdba from pg_catalog.pg_database where datname = current_database()
    union select refobjid from pg_catalog.pg_shdepend
      where refclassid = 'pg_catalog.pg_authid'::regclass
        and dbid = (select oid from pg_catalog.pg_database where datname = current_database())
    union select relowner from pg_catalog.pg_class where oid >= 16384
    union select nspowner from pg_catalog.pg_namespace where oid >= 16384
    union select proowner from pg_catalog.pg_proc where oid >= 16384)
  and rolname !~ '^pg_'`

// A setting with a dot belongs to an application, and applications keep secrets there: its value stays on the server.
const settingsSql = `select 'setting' as kind,
    case when s.setrole <> 0 then 'role ' || pg_catalog.pg_get_userbyid(s.setrole) else '' end
    || case when s.setrole <> 0 and s.setdatabase <> 0 then ' in ' else '' end
    || case when s.setdatabase <> 0 then 'database ' || current_database() else '' end
    || ': ' || case when split_part(line, '=', 1) ~ '\\.'
      then split_part(line, '=', 1) || '=(value not shown)' else line end as line
  from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) as line
  where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))`

const needSchema = z.object({ kind: z.enum(['role', 'setting']), line: z.string() })

/** Roles and settings that the dump needs and pg_dump does not write. */
export async function dumpNeeds(ask: Ask, signal?: AbortSignal): Promise<SourceNeeds> {
  const needs = await ask(`${rolesSql} union all ${settingsSql} order by 1, 2 limit 20000`, needSchema, signal)
  const lines = (kind: 'role' | 'setting') => needs.filter((need) => need.kind === kind).map((need) => need.line)
  return { roles: lines('role'), settings: lines('setting') }
}
