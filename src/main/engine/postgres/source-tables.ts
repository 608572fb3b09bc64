import { z } from 'zod'
import { foreignCodeSql, trustedRolesSql } from './foreign-code.ts'

const nameSchema = z.object({ schema: z.string(), name: z.string() })

export const sourceTableSchema = nameSchema.extend({
  oid: z.number(),
  /** those that pg_dump writes, in its order */
  columns: z.array(z.object({ name: z.string(), nullable: z.boolean() })),
  /** PostgreSQL's own guess, good enough to tell a large table from a small one */
  guess: z.number(),
  /** the partitioned tables above it: the dump may carry its rows under the name of one of them */
  roots: z.array(nameSchema),
  /** an extension's table of which only some rows are dumped: there is nothing to compare it with */
  partly: z.boolean(),
  /** to read it could run code of somebody who is not trusted: see `foreignCodeSql` */
  foreignCode: z.boolean(),
  /** its owner is not trusted, and could give it such code at any moment */
  foreignOwner: z.boolean(),
})

/** A table of which pg_dump dumps rows. */
export type SourceTable = z.infer<typeof sourceTableSchema>

/**
 * The tables whose rows a pg_dump of this database carries, in its own order. Left out as pg_dump leaves them out: foreign
 * and temporary tables, those of extensions unless they are their settings, and on a standby the unlogged ones.
 *
 * A column may hold NULLs although it is declared NOT NULL: since 18 such a constraint can be NOT VALID.
 */
export const sourceTablesSql = `select c.oid::int8 as oid, n.nspname as schema, c.relname as name, greatest(c.reltuples, 0)::float8 as guess,
  (select coalesce(json_agg(json_build_object('name', a.attname, 'nullable', not a.attnotnull or exists (
        select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and not k.convalidated
          and a.attnum = any (k.conkey))) order by a.attnum), '[]')
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  ) as columns,
  (select coalesce(json_agg(json_build_object('schema', pn.nspname, 'name', p.relname)), '[]')
    from pg_partition_ancestors(case when c.relispartition then c.oid end) as above (oid)
      join pg_class p on p.oid = above.oid join pg_namespace pn on pn.oid = p.relnamespace where p.oid <> c.oid
  ) as roots,
  coalesce(kept.condition <> '', false) as partly,
  c.oid in (${foreignCodeSql}) as "foreignCode",
  c.relowner not in (${trustedRolesSql}) as "foreignOwner"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join (select unnest(extconfig) as oid, unnest(extcondition) as condition from pg_extension) kept on kept.oid = c.oid
where c.relkind = 'r' and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
  and c.relpersistence <> 't' and not (c.relpersistence = 'u' and pg_is_in_recovery())
  and (not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
      and d.refclassid = 'pg_extension'::regclass and d.deptype = 'e')
    or kept.oid is not null)
order by n.nspname, c.relname`
