import { LifeboatFailure } from '#shared/failure.ts'
import { whyNoFlatName } from '#engine/tar/flat-name.ts'

/** What counts as a seal in a folder of copies: Lifeboat's own, and those that were made with tar and gpg by hand. */
export const sealEnding = /\.(?:tar\.gz|tgz|tar)\.(?:gpg|pgp|asc)$/i

/** `env_backup_20250109`; a second one on that day gets the time too. `stamp`: YYYYMMDD_HHMMSS, local where it was made. */
export function sealStems(stamp: string): string[] {
  const day = `env_backup_${stamp.slice(0, 8)}`
  const second = `env_backup_${stamp}`
  return [day, second, ...Array.from({ length: 98 }, (_, index) => `${second}-${index + 2}`)]
}

export const sealExtension = '.tar.gz.gpg'

/**
 * Flat names for files from anywhere: their own, and where two have the same one, with the folders before it that tell
 * them apart: `/srv/a/.env` and `/srv/b/.env` become `a__.env` and `b__.env`.
 * @throws LifeboatFailure invalid-input for a path that is named twice or has no name that every system can write
 */
export function flatNames(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split('/').filter((part) => part !== '' && part !== '.'))
  const depth = paths.map(() => 1)
  const nameAt = (index: number): string => (split[index] ?? []).slice(-(depth[index] ?? 1)).join('__')
  const folded = (name: string): string => name.normalize('NFC').toLowerCase()
  for (;;) {
    const names = paths.map((_, index) => nameAt(index))
    const clashing = names.flatMap((name, index) =>
      names.some((other, at) => at !== index && folded(other) === folded(name)) ? [index] : [],
    )
    if (clashing.length === 0) return names.map((name, index) => checked(name, paths[index] ?? name))
    const deeper = clashing.filter((index) => (depth[index] ?? 1) < (split[index]?.length ?? 0))
    if (deeper.length === 0) throw twice(paths[clashing[0] ?? 0] ?? '')
    for (const index of deeper) depth[index] = (depth[index] ?? 1) + 1
  }
}

function checked(name: string, path: string): string {
  const why = whyNoFlatName(name)
  if (why === null) return name
  throw new LifeboatFailure('invalid-input', `${path} can not be sealed: its name ${why}.`)
}

function twice(path: string): LifeboatFailure {
  return new LifeboatFailure('invalid-input', `${path} is named twice.`)
}

/** This computer's local time as a stamp: YYYYMMDD_HHMMSS. */
export function localStamp(at: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`
  return `${day}_${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`
}
