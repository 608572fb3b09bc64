import type { TFunction } from 'i18next'
import { printable } from '#shared/name.ts'
import type { SandboxEngine } from '#shared/sandbox.ts'

/** "PostgreSQL 18.6 in Docker" */
export function engineWords({ kind, version }: Pick<SandboxEngine, 'kind' | 'version'>, t: TFunction): string {
  return t(`sandbox.in.${kind}`, { version: printable(version) })
}
