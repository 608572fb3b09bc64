import { policyText } from './statements/code.ts'

/**
 * Queries over the catalogue of a database in the sandbox. Each gives one column, a JSON object for each object there, with
 * the same kinds, names and facts that the statements of a dump are read into.
 */
export function catalogueQueries(major: number): string[] {
  return [
    tables,
    constraints,
    indexes,
    sequences,
    views,
    triggers,
    rules,
    policies,
    types,
    routines(major),
    children,
    named(major),
    largeObjects,
  ]
}

const own = (namespace: string) => `${namespace}.nspname <> 'information_schema' AND ${namespace}.nspname !~ '^pg_'`

const tables = `
SELECT pg_catalog.json_build_object(
  'kind', CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END, 'schema', n.nspname, 'name', c.relname,
  'columns', coalesce(pg_catalog.json_agg(a.attname ORDER BY a.attnum) FILTER (WHERE f.what = 'type'), '[]'),
  'facts', coalesce(pg_catalog.json_object_agg(f.what || ' ' || a.attname, f.value) FILTER (WHERE f.value IS NOT NULL), '{}'),
  'more', pg_catalog.json_build_object(
    'row security', CASE WHEN c.relrowsecurity THEN 'yes' ELSE 'no' END,
    'row security forced', CASE WHEN c.relforcerowsecurity THEN 'yes' ELSE 'no' END,
    'partitioned by', CASE c.relkind WHEN 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN LATERAL (VALUES
  ('type', pg_catalog.format_type(a.atttypid, a.atttypmod)),
  ('null', CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END),
  ('default', coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')),
  ('identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END),
  ('collation', (SELECT ln.nspname || '.' || l.collname FROM pg_catalog.pg_collation l
    JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace WHERE l.oid = a.attcollation AND a.attcollation <> 100))
) AS f(what, value) ON a.attname IS NOT NULL
WHERE c.relkind IN ('r', 'p', 'f') AND ${own('n')}
GROUP BY c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity`

const constraints = `
SELECT pg_catalog.json_build_object('kind', 'constraint', 'schema', o.schema, 'name', k.conname, 'of', pg_catalog.json_build_array(o.schema, o.name),
  'valid', coalesce((i.indisvalid OR x.relkind = 'I') AND i.indisready, true),
  'facts', pg_catalog.json_build_object('definition', pg_catalog.pg_get_constraintdef(k.oid), 'validated', CASE WHEN k.convalidated THEN 'yes' ELSE 'no' END))
FROM pg_catalog.pg_constraint k
JOIN (
  SELECT c.oid, 0::pg_catalog.oid AS domain, n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${own('n')}
  UNION ALL
  SELECT 0, t.oid, n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'd' AND ${own('n')}
) AS o ON o.oid = k.conrelid AND o.domain = k.contypid
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE k.contype IN ('c', 'p', 'u', 'f', 'x')`

/**
 * The index of a partitioned table is invalid as long as one of its partitions has no part of it, at the source too; which parts
 * it has is compared as their inheritance.
 */
const indexes = `
SELECT pg_catalog.json_build_object('kind', 'index', 'schema', n.nspname, 'name', c.relname,
  'valid', (i.indisvalid OR c.relkind = 'I') AND i.indisready AND i.indislive,
  'facts', pg_catalog.json_build_object('definition', pg_catalog.pg_get_indexdef(i.indexrelid),
    'table', pg_catalog.json_build_array(tn.nspname, t.relname), 'unique', CASE WHEN i.indisunique THEN 'yes' ELSE 'no' END))
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE ${own('n')}`

const sequences = `
SELECT pg_catalog.json_build_object('kind', 'sequence', 'schema', n.nspname, 'name', c.relname, 'facts', pg_catalog.json_build_object(
  'start', s.seqstart::pg_catalog.text, 'increment', s.seqincrement::pg_catalog.text, 'cache', s.seqcache::pg_catalog.text,
  'minimum', s.seqmin::pg_catalog.text, 'maximum', s.seqmax::pg_catalog.text, 'cycles', CASE WHEN s.seqcycle THEN 'yes' ELSE 'no' END,
  'owned by', CASE WHEN t.oid IS NOT NULL THEN pg_catalog.json_build_array(tn.nspname, t.relname, a.attname) END))
FROM pg_catalog.pg_sequence s
JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
WHERE ${own('n')}`

const views = `
SELECT pg_catalog.json_build_object('kind', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
  'schema', n.nspname, 'name', c.relname, 'facts', pg_catalog.json_build_object(
  'query', pg_catalog.pg_get_viewdef(c.oid), 'populated', CASE WHEN c.relispopulated THEN 'yes' ELSE 'no' END))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND ${own('n')}`

const ofTable = `'schema', n.nspname, 'of', pg_catalog.json_build_array(n.nspname, c.relname)`
const tableOf = (oid: string) =>
  `JOIN pg_catalog.pg_class c ON c.oid = ${oid} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`

const triggers = `
SELECT pg_catalog.json_build_object('kind', 'trigger', 'name', t.tgname, ${ofTable},
  'facts', pg_catalog.json_build_object('definition', pg_catalog.pg_get_triggerdef(t.oid), 'enabled', t.tgenabled))
FROM pg_catalog.pg_trigger t ${tableOf('t.tgrelid')} WHERE NOT t.tgisinternal AND ${own('n')}`

const rules = `
SELECT pg_catalog.json_build_object('kind', 'rule', 'name', r.rulename, ${ofTable},
  'facts', pg_catalog.json_build_object('definition', pg_catalog.pg_get_ruledef(r.oid), 'enabled', r.ev_enabled))
FROM pg_catalog.pg_rewrite r ${tableOf('r.ev_class')} WHERE r.rulename <> '_RETURN' AND ${own('n')}`

const policies = `
SELECT pg_catalog.json_build_object('kind', 'policy', 'name', p.polname, ${ofTable}, 'facts', pg_catalog.json_build_object(
  'command', CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END,
  'restrictive', CASE WHEN p.polpermissive THEN 'no' ELSE 'yes' END,
  'roles', (SELECT pg_catalog.json_agg(coalesce(r.rolname, 'public') ORDER BY coalesce(r.rolname, 'public') COLLATE pg_catalog."C")
    FROM pg_catalog.unnest(p.polroles) AS u(oid) LEFT JOIN pg_catalog.pg_roles r ON r.oid = u.oid),
  'conditions', ${policyText('p')}))
FROM pg_catalog.pg_policy p ${tableOf('p.polrelid')} WHERE ${own('n')}`

const types = `
SELECT pg_catalog.json_build_object('kind', CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, 'schema', n.nspname, 'name', t.typname,
  'facts', pg_catalog.json_build_object(
    'labels', CASE t.typtype WHEN 'e' THEN (SELECT coalesce(pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]') FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) END,
    'fields', CASE t.typtype WHEN 'c' THEN (SELECT coalesce(pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod) || ',', '' ORDER BY a.attnum), '')
      FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'type', CASE t.typtype WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
    'required', CASE WHEN t.typnotnull THEN 'yes' ELSE 'no' END,
    'default', CASE t.typtype WHEN 'd' THEN coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), '') END))
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE (t.typrelid = 0 OR c.relkind = 'c') AND t.typcategory <> 'A' AND ${own('n')}`

const routines = (major: number) => `
SELECT pg_catalog.json_build_object('kind', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
  'schema', n.nspname, 'name', p.proname, 'facts', pg_catalog.json_build_object('body', p.prosrc,
  'sql body', ${major >= 14 ? 'CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END' : 'NULL'},
  'attributes', pg_catalog.concat_ws(', ', CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END,
    CASE WHEN p.proisstrict THEN 'STRICT' END, CASE WHEN p.proleakproof THEN 'LEAKPROOF' END, CASE p.prokind WHEN 'w' THEN 'WINDOW' END,
    CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END, CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' END)))
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${own('n')}`

/** Heirs and partitions, of tables and of indexes. */
const children = `
SELECT pg_catalog.json_build_object('kind', CASE WHEN c.relispartition AND c.relkind IN ('r', 'p', 'f') THEN 'partition' ELSE 'inheritance' END,
  'schema', n.nspname, 'name', c.relname, 'of', pg_catalog.json_build_array(pn.nspname, p.relname),
  'facts', pg_catalog.json_build_object('bound', pg_catalog.pg_get_expr(c.relpartbound, c.oid)))
FROM pg_catalog.pg_inherits i ${tableOf('i.inhrelid')}
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE ${own('n')}`

const largeObjects = `
SELECT pg_catalog.json_build_object('kind', 'large object', 'schema', '', 'name', oid::pg_catalog.text) FROM pg_catalog.pg_largeobject_metadata`

/** What is known by its name, and little else. */
function named(major: number): string {
  const inSchema = (kind: string, from: string, name: string, namespace: string, facts = 'NULL::pg_catalog.json') =>
    `SELECT '${kind}', n.nspname::pg_catalog.text, ${name}::pg_catalog.text, NULL::pg_catalog.json, ${facts} FROM ${from} JOIN pg_catalog.pg_namespace n ON n.oid = ${namespace} WHERE ${own('n')}`
  const alone = (kind: string, from: string, name: string, facts = 'NULL::pg_catalog.json') =>
    `SELECT '${kind}', '', ${name}::pg_catalog.text, NULL::pg_catalog.json, ${facts} FROM ${from}`
  const published = "pg_catalog.json_build_array('', p.pubname)"
  const parts = [
    alone('schema', 'pg_catalog.pg_namespace', 'nspname'),
    alone('extension', 'pg_catalog.pg_extension', 'extname'),
    inSchema('collation', 'pg_catalog.pg_collation c', 'c.collname', 'c.collnamespace'),
    inSchema('conversion', 'pg_catalog.pg_conversion c', 'c.conname', 'c.connamespace'),
    inSchema('text search configuration', 'pg_catalog.pg_ts_config c', 'c.cfgname', 'c.cfgnamespace'),
    inSchema('text search dictionary', 'pg_catalog.pg_ts_dict c', 'c.dictname', 'c.dictnamespace'),
    inSchema('text search parser', 'pg_catalog.pg_ts_parser c', 'c.prsname', 'c.prsnamespace'),
    inSchema('text search template', 'pg_catalog.pg_ts_template c', 'c.tmplname', 'c.tmplnamespace'),
    alone('foreign data wrapper', 'pg_catalog.pg_foreign_data_wrapper', 'fdwname'),
    alone('server', 'pg_catalog.pg_foreign_server', 'srvname'),
    alone('language', 'pg_catalog.pg_language', 'lanname'),
    alone('access method', 'pg_catalog.pg_am', 'amname'),
    alone('publication', 'pg_catalog.pg_publication', 'pubname'),
    alone(
      'subscription',
      'pg_catalog.pg_subscription WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())',
      'subname',
    ),
    alone(
      'event trigger',
      'pg_catalog.pg_event_trigger',
      'evtname',
      "pg_catalog.json_build_object('enabled', evtenabled)",
    ),
    inSchema('operator', 'pg_catalog.pg_operator o', 'o.oprname', 'o.oprnamespace'),
    inSchema('operator class', 'pg_catalog.pg_opclass o', 'o.opcname', 'o.opcnamespace'),
    inSchema('operator family', 'pg_catalog.pg_opfamily o', 'o.opfname', 'o.opfnamespace'),
    inSchema(
      'statistics',
      'pg_catalog.pg_statistic_ext s',
      's.stxname',
      's.stxnamespace',
      `pg_catalog.json_build_object('definition', pg_catalog.pg_get_statisticsobjdef(s.oid))`,
    ),
    alone(
      'cast',
      'pg_catalog.pg_cast WHERE oid >= 16384',
      `pg_catalog.format_type(castsource, NULL) || E'\\n' || pg_catalog.format_type(casttarget, NULL)`,
    ),
    `SELECT 'published table', n.nspname::pg_catalog.text, c.relname::pg_catalog.text, ${published}, NULL::pg_catalog.json
     FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid ${tableOf('r.prrelid')}`,
  ]
  if (major >= 15) {
    parts.push(`SELECT 'published schema', '', n.nspname::pg_catalog.text, ${published}, NULL::pg_catalog.json
      FROM pg_catalog.pg_publication_namespace r JOIN pg_catalog.pg_publication p ON p.oid = r.pnpubid
      JOIN pg_catalog.pg_namespace n ON n.oid = r.pnnspid`)
  }
  return `SELECT pg_catalog.json_build_object('kind', x.kind, 'schema', x.schema, 'name', x.name, 'of', x.of, 'facts', coalesce(x.facts, '{}'))
    FROM (${parts.join('\nUNION ALL\n')}) AS x(kind, schema, name, of, facts)`
}

/** Privileges: kind, path, column, grantee, and what is granted, with a star where it may be passed on. */
export const grantsQuery = `
SELECT pg_catalog.json_build_array(x.kind, x.path, x.col, coalesce(r.rolname, ''), pg_catalog.json_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END))
FROM (SELECT u.kind, u.path::pg_catalog.text, u.col, u.acl FROM (
  SELECT 'table' AS kind, pg_catalog.json_build_array(n.nspname, c.relname) AS path, NULL::pg_catalog.name AS col,
    coalesce(c.relacl, pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)) AS acl
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND (c.relacl IS NOT NULL OR ${own('n')})
  UNION ALL
  SELECT 'table', pg_catalog.json_build_array(n.nspname, c.relname), a.attname, a.attacl
  FROM pg_catalog.pg_attribute a ${tableOf('a.attrelid')} WHERE a.attacl IS NOT NULL
  UNION ALL
  SELECT 'routine', pg_catalog.json_build_array(n.nspname, p.proname), NULL, coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.proacl IS NOT NULL OR ${own('n')}
  UNION ALL
  SELECT 'schema', pg_catalog.json_build_array(nspname), NULL, coalesce(nspacl, pg_catalog.acldefault('n', nspowner)) FROM pg_catalog.pg_namespace
  UNION ALL
  SELECT 'type', pg_catalog.json_build_array(n.nspname, t.typname), NULL, coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typacl IS NOT NULL OR (t.typrelid = 0 AND t.typelem = 0 AND ${own('n')})
  UNION ALL
  SELECT 'language', pg_catalog.json_build_array(lanname), NULL, coalesce(lanacl, pg_catalog.acldefault('l', lanowner)) FROM pg_catalog.pg_language
  UNION ALL
  SELECT 'foreign data wrapper', pg_catalog.json_build_array(fdwname), NULL, coalesce(fdwacl, pg_catalog.acldefault('F', fdwowner)) FROM pg_catalog.pg_foreign_data_wrapper
  UNION ALL
  SELECT 'server', pg_catalog.json_build_array(srvname), NULL, coalesce(srvacl, pg_catalog.acldefault('S', srvowner)) FROM pg_catalog.pg_foreign_server
  UNION ALL
  SELECT 'large object', pg_catalog.json_build_array(oid::pg_catalog.text), NULL, coalesce(lomacl, pg_catalog.acldefault('L', lomowner)) FROM pg_catalog.pg_largeobject_metadata
  UNION ALL
  SELECT 'default', pg_catalog.json_build_array(r.rolname, coalesce(n.nspname, ''), CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
    WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END), NULL, d.defaclacl
  FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
) AS u) AS x
CROSS JOIN LATERAL pg_catalog.aclexplode(x.acl) a
LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
GROUP BY x.kind, x.path, x.col, r.rolname`

/**
 * Comments on what the dump's statements may have made. Not among them are those that extensions bring, and those on what
 * every new database has, with a comment of its own: the schema public and plpgsql, which a dump may also make anew.
 */
export const commentsQuery = `
SELECT pg_catalog.count(*) FROM pg_catalog.pg_description d
WHERE d.objoid >= 16384 AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
AND NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n
  WHERE d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND n.oid = d.objoid AND n.nspname = 'public')
AND NOT EXISTS (SELECT FROM pg_catalog.pg_extension x
  WHERE d.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = d.objoid AND x.extname = 'plpgsql')`
