/**
 * Roles whose code may run while we read: a superuser has all power already, and the user that was named to us has his own.
 * Anybody else could gain the power of that user.
 */
export const trustedRolesSql = `select oid from pg_roles where rolsuper or rolname = current_user`

/**
 * Tables (`relid`) of which PostgreSQL may run code of a role that is not trusted when it plans to read them: constant parts
 * of the expressions of indexes and extended statistics are computed then, by the reader and with all his power, and so are
 * those of a domain's checks. A virtual column is computed when it is read. To change the role before would not help: such
 * a function can change it back. Of what belongs to PostgreSQL itself pg_depend holds nothing, and of CHECK constraints and
 * partition keys nothing is computed while `constraint_exclusion` is off.
 */
export const foreignCodeSql = foreignCodeOf('')

/** The same of these tables alone, by their OIDs: a server with many thousands is asked for some at a time. */
export function foreignCodeAmong(oids: readonly number[]): string {
  return foreignCodeOf(`and carrier.relid in (${oids.join(', ')})`)
}

function foreignCodeOf(which: string): string {
  return `select distinct carrier.relid
  from (
    select 'pg_class'::regclass as classid, indexrelid as objid, indrelid as relid from pg_index
    union all select 'pg_statistic_ext'::regclass, oid, stxrelid from pg_statistic_ext
    union all select 'pg_attrdef'::regclass, d.oid, d.adrelid from pg_attrdef d
      join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where a.attgenerated = 'v'
  ) carrier
  join pg_depend d on d.classid = carrier.classid and d.objid = carrier.objid
    and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass)
  left join pg_operator o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid
  left join pg_proc p on p.oid = case when d.refclassid = 'pg_proc'::regclass then d.refobjid else o.oprcode::oid end
  left join pg_type t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid and t.typtype = 'd'
  where coalesce(p.proowner, t.typowner) not in (${trustedRolesSql}) ${which}`
}
