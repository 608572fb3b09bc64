import type { Difference, FileDifference } from '#shared/vault.ts'
import { valuesOf } from '#engine/env/keys.ts'
import type { TarFile } from '#engine/tar/file.ts'
import { partsOf } from './contents.ts'

/** Two sets of files beside each other, key by key. Tells names of keys, never a value. */
export function differenceOf(left: readonly TarFile[], right: readonly TarFile[]): Difference {
  const names = [...new Set([...left, ...right].map(({ name }) => name))].sort()
  const files = names.map((name) => {
    const [a, b] = [left, right].map((side) => side.find((file) => file.name === name))
    return fileDifference(name, a, b)
  })
  return { files, equal: files.every(isEqual) }
}

function isEqual(file: FileDifference): boolean {
  const keys = file.added.length + file.removed.length + file.changed.length
  return file.in === 'both' && keys === 0 && !file.otherwise
}

function fileDifference(name: string, left: TarFile | undefined, right: TarFile | undefined): FileDifference {
  const before = valuesIn(left)
  const after = valuesIn(right)
  const added = [...after.keys()].filter((key) => !before.has(key))
  const removed = [...before.keys()].filter((key) => !after.has(key))
  const both = [...before.keys()].filter((key) => after.has(key))
  const changed = both.filter((key) => before.get(key) !== after.get(key))
  const place = left && right ? 'both' : left ? 'left' : 'right'
  const sameBytes = !!left && !!right && Buffer.compare(Buffer.from(left.content), Buffer.from(right.content)) === 0
  const keys = added.length + removed.length + changed.length
  return {
    name,
    in: place,
    added,
    removed,
    changed,
    same: both.length - changed.length,
    otherwise: place === 'both' && !sameBytes && keys === 0,
  }
}

function valuesIn(file: TarFile | undefined): Map<string, string> {
  const parts = file ? partsOf(file.content) : null
  return new Map([...valuesOf(parts ?? [])].map(([key, { value }]) => [key, value]))
}
