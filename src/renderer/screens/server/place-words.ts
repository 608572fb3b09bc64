import type { TFunction } from 'i18next'
import type { Place } from '#shared/database.ts'

/** Where PostgreSQL runs, in a few words. */
export function placeWords(place: Place, t: TFunction): string {
  switch (place.kind) {
    case 'compose':
      return t('place.compose', { service: place.service, dir: place.dir })
    case 'container':
      return t('place.container', { container: place.container })
    case 'host':
      return t('place.host')
  }
}
