import type { Client } from 'pg'
import { roleNames } from './sandbox.ts'

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Takes from PUBLIC, in one database, what would let the reader write: its transactions are read-only, but a session may
 * change that by itself. What a dump granted to PUBLIC is gone afterwards, so grants must have been looked at before.
 */
export async function closeForReader(admin: Client, database: string): Promise<void> {
  await admin.query(`REVOKE CREATE, TEMPORARY ON DATABASE ${quote(database)} FROM PUBLIC`)
  await admin.query(`GRANT CONNECT ON DATABASE ${quote(database)} TO ${roleNames.reader}`)
  // before 14 there is no role that may read everything
  const all = await admin.query(`SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pg_read_all_data'`)
  const grants = all.rows.length === 0 ? [readable] : []
  for (const source of [...grants, schemas, relations, largeObjectFunctions, largeObjects]) {
    const { rows } = await admin.query<{ sql: string }>(source)
    for (const { sql } of rows) await admin.query(sql)
  }
}

const readable = `SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %1$I TO ${roleNames.reader};
    GRANT SELECT ON ALL TABLES IN SCHEMA %1$I TO ${roleNames.reader}', nspname) AS sql
  FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`

const schemas = `SELECT pg_catalog.format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', nspname) AS sql
  FROM pg_catalog.pg_namespace, pg_catalog.aclexplode(nspacl) WHERE grantee = 0 AND privilege_type = 'CREATE'`

const relations = `SELECT pg_catalog.format('REVOKE ALL ON %s %s FROM PUBLIC',
    CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, pg_class.oid::pg_catalog.regclass) AS sql
  FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND oid >= 16384
    AND (EXISTS (SELECT FROM pg_catalog.aclexplode(relacl) WHERE grantee = 0)
      OR EXISTS (SELECT FROM pg_catalog.pg_attribute, pg_catalog.aclexplode(attacl) WHERE attrelid = pg_class.oid AND grantee = 0))`

// everybody may make a large object, whatever the rights on tables
const largeObjectFunctions = `SELECT pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::pg_catalog.regprocedure) AS sql
  FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::pg_catalog.regnamespace
    AND proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_put', 'lo_unlink', 'lowrite', 'lo_truncate', 'lo_truncate64', 'lo_import')`

const largeObjects = `SELECT pg_catalog.format('REVOKE UPDATE ON LARGE OBJECT %s FROM PUBLIC', oid) AS sql
  FROM pg_catalog.pg_largeobject_metadata, pg_catalog.aclexplode(lomacl) WHERE grantee = 0 AND privilege_type = 'UPDATE'`
