/**
 * One row as `sourceVersionsSchema` has it. The version by which the server sorts today is asked for the database's own
 * collation alone: that one works, or nobody could have connected.
 * @param versionNumber `server_version_num`; before 15 a database's collation has no version
 */
export function sourceVersionsSql(versionNumber: number): string {
  const recorded = versionNumber >= 150_000 ? 'd.datcollversion' : 'null::text'
  const actual = versionNumber >= 150_000 ? 'pg_catalog.pg_database_collation_actual_version(d.oid)' : 'null::text'
  return `select
    (select coalesce(json_object_agg(extname, extversion), '{}') from pg_catalog.pg_extension) as extensions,
    (select coalesce(json_object_agg(n.nspname || '.' || c.collname, c.collversion), '{}')
      from pg_catalog.pg_collation c join pg_catalog.pg_namespace n on n.oid = c.collnamespace
      where c.collversion is not null
        and c.oid in (select attcollation from pg_catalog.pg_attribute where attrelid >= 16384)) as collations,
    json_build_object('recorded', ${recorded}, 'actual', ${actual}) as collation
  from pg_catalog.pg_database d where d.datname = current_database()`
}
