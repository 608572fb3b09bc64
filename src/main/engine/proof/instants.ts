const timeWithOffset = /(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(\.\d+)?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?/g

/**
 * A definition with its points in time written in UTC. PostgreSQL prints them in the zone of whoever asks, so that the same
 * bounds of a partition read differently in a dump that was taken in another zone.
 */
export function inUtc(definition: string): string {
  return definition.replace(
    timeWithOffset,
    (
      _,
      year: string,
      month: string,
      day: string,
      h: string,
      m: string,
      s: string,
      fraction = '',
      sign: string,
      ...off
    ) => {
      const [hours, minutes, seconds] = off.slice(0, 3).map((part) => Number(part ?? 0))
      const offset = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * (sign === '-' ? -1 : 1)
      const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(h), Number(m), Number(s))
      return `${new Date(local - offset * 1000).toISOString().slice(0, 19)}${fraction}Z`
    },
  )
}
