import { randomBytes } from 'node:crypto'
import type { Manifest } from '#shared/copy.ts'
import type { DumpReport } from '#shared/dump-report.ts'

/** Everything about a copy but the name that it gets in its folder. */
export type ManifestDraft = Omit<Manifest, 'file'>

type Facts = Pick<
  Manifest,
  'server' | 'label' | 'bytes' | 'sha256' | 'takenAt' | 'storedAt' | 'origin' | 'source' | 'proofs'
> & {
  roles?: readonly string[]
  settings: string[] | null
  snapshot?: Manifest['snapshot']
  serverVersion?: string | null
  dumpVersion?: string | null
}

/** A manifest from what is known of the source and what the reader saw. Where both speak, the dump's own words win. */
export function draftManifest(report: DumpReport, facts: Facts): ManifestDraft {
  const { roles, settings, snapshot, serverVersion, dumpVersion, ...rest } = facts
  return {
    lifeboat: 1,
    id: randomBytes(6).toString('hex'),
    ...rest,
    compression: report.compression,
    format: report.format,
    serverVersion: report.serverVersion ?? serverVersion ?? null,
    dumpVersion: report.dumpVersion ?? dumpVersion ?? null,
    encoding: report.encoding,
    sqlBytes: report.sqlBytes,
    tables: report.tables,
    statements: report.statements,
    largeObjects: report.largeObjects,
    needs: {
      roles: [...new Set([...report.roles, ...(roles ?? [])])].sort(),
      superusers: report.superusers,
      extensions: report.extensions,
      settings,
    },
    findings: report.findings,
    snapshot: snapshot ?? null,
    verification: null,
  }
}
