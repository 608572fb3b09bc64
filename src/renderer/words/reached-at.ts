import type { TFunction } from 'i18next'
import { printable } from '#shared/name.ts'
import type { Pin } from '#shared/server.ts'

/** Whose key a pin is: the machine's address, and the jump hosts that are gone through. */
export function reachedAt({ host, port, way }: Pick<Pin, 'host' | 'port' | 'way'>, t: TFunction): string {
  const address = printable(`${host}:${port}`)
  if (way === null) return t('pin.oldAt', { address })
  return way === '' ? address : t('pin.via', { address, way: printable(way) })
}
