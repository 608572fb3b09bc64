import type { TFunction } from 'i18next'
import { printable } from '#shared/name.ts'

const kinds = [
  'schema',
  'table',
  'column',
  'index',
  'constraint',
  'sequence',
  'view',
  'materialized-view',
  'function',
  'procedure',
  'aggregate',
  'operator',
  'trigger',
  'event-trigger',
  'rule',
  'type',
  'domain',
  'extension',
  'collation',
  'policy',
  'grant',
  'comment',
  'statistics',
  'publication',
  'subscription',
  'cast',
  'language',
  'large-object',
  'foreign-table',
  'foreign-data-wrapper',
  'server',
  'user-mapping',
  'text-search-configuration',
  'text-search-dictionary',
  'text-search-parser',
  'text-search-template',
  'operator-class',
  'operator-family',
  'access-method',
  'conversion',
  'transform',
  'partition',
  'inheritance',
  'default',
  'database',
  'role',
] as const

/** A kind of object in the operator's language; one that this version does not know, as it calls itself. */
export function objectKindWords(kind: string, t: TFunction): string {
  const name = kind.replaceAll(/[ _]/g, '-')
  const known = kinds.find((each) => each === name)
  return known === undefined ? printable(kind) : t(`verify.object.${known}`)
}
