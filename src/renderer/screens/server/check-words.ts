import type { TFunction } from 'i18next'
import type { Check } from '#shared/server.ts'
import { printable } from '#shared/name.ts'
import type { Format } from '../../words/format.ts'

type Facts = Check['facts']

const text = (facts: Facts, name: string): string | null => {
  const value = facts[name]
  return typeof value === 'string' && value !== '' ? printable(value) : null
}
const figure = (facts: Facts, name: string): number | null => {
  const value = facts[name]
  return typeof value === 'number' ? value : null
}

/**
 * What a check saw, in the operator's language, made from its facts.
 * Null where the facts do not say enough: then the engine's own sentence is shown.
 */
export function checkWords(check: Check, t: TFunction, format: Format): string | null {
  const { facts } = check
  if (check.name === 'docker' && check.outcome !== 'proven') return dockerTrouble(facts, t)
  if (check.outcome !== 'proven') return null
  switch (check.name) {
    case 'reach':
      return words(t, 'check.reach', { host: text(facts, 'host'), port: figure(facts, 'port') }, text(facts, 'server'))
    case 'host-key':
      return words(t, 'check.hostKey', { type: text(facts, 'type'), fingerprint: text(facts, 'fingerprint') })
    case 'login':
      return words(t, 'check.login', { user: text(facts, 'user') }, text(facts, 'cipher'))
    case 'shell':
      return words(t, 'check.shell', { system: text(facts, 'system'), shell: text(facts, 'shell') })
    case 'docker':
      return words(
        t,
        'check.docker',
        { version: text(facts, 'version') },
        counted(t, 'check.containers', facts, 'containers'),
      )
    case 'compose':
      return words(t, 'check.compose', { version: text(facts, 'version') }, text(facts, 'command'))
    case 'postgres':
      return words(
        t,
        'check.postgres',
        { databases: counted(t, 'check.databases', facts, 'databases'), versions: text(facts, 'versions') },
        text(facts, 'names'),
      )
    case 'pg-dump':
      return words(t, 'check.pgDump', { versions: text(facts, 'versions') })
    case 'disk':
      return diskWords(facts, t, format)
    case 'clock':
      return clockWords(facts, t, format)
    case 'backups':
      return backupsWords(facts, t, format)
    case 'env-files':
      return words(t, 'check.envFiles', { files: counted(t, 'check.files', facts, 'files') }, text(facts, 'names'))
  }
}

type Key =
  | 'check.reach'
  | 'check.hostKey'
  | 'check.login'
  | 'check.shell'
  | 'check.docker'
  | 'check.compose'
  | 'check.postgres'
  | 'check.pgDump'
  | 'check.envFiles'

/** The sentence, when every value that it needs is there; then what may stand behind it. */
function words(
  t: TFunction,
  key: Key,
  values: Record<string, string | number | null>,
  more?: string | null,
): string | null {
  if (Object.values(values).some((value) => value === null)) return null
  const sentence = t(key, values)
  return more ? `${sentence} · ${more}` : sentence
}

function counted(
  t: TFunction,
  key: 'check.containers' | 'check.databases' | 'check.files',
  facts: Facts,
  name: string,
): string | null {
  const count = figure(facts, name)
  return count === null ? null : t(key, { count })
}

function dockerTrouble(facts: Facts, t: TFunction): string | null {
  const state = facts['state']
  switch (state) {
    case 'absent':
    case 'refused':
    case 'stopped':
      return t(`check.docker-${state}`)
    default:
      return null
  }
}

function diskWords(facts: Facts, t: TFunction, format: Format): string | null {
  const here = figure(facts, 'localFree')
  if (here === null) return null
  const there = figure(facts, 'serverFree')
  const local = t('check.diskHere', { size: format.bytes(here) })
  return there === null ? local : `${t('check.diskThere', { size: format.bytes(there) })} · ${local}`
}

function clockWords(facts: Facts, t: TFunction, format: Format): string | null {
  const difference = figure(facts, 'difference')
  if (difference === null) return null
  const zone = text(facts, 'zone')
  const behind = zone ? ` · ${t('check.zone', { zone })}` : ''
  const off = Math.abs(difference)
  if (off <= Math.max(2, figure(facts, 'accuracy') ?? 0)) return t('check.clockSame') + behind
  return t(difference > 0 ? 'check.clockAhead' : 'check.clockBehind', { span: format.duration(off) }) + behind
}

function backupsWords(facts: Facts, t: TFunction, format: Format): string | null {
  const folder = text(facts, 'folder')
  const files = counted(t, 'check.files', facts, 'files')
  if (files === null) return null
  const newest = text(facts, 'newestAt')
  return [
    files,
    ...(newest ? [t('check.newest', { when: format.dateTime(newest) })] : []),
    ...(folder ? [folder] : []),
  ].join(' · ')
}
