import i18next from 'i18next'
import { useSyncExternalStore } from 'react'

/** Numbers, sizes and times in the words of one language, in the operator's own time zone. All through Intl. */
export interface Format {
  number: (value: number) => string
  bytes: (value: number) => string
  rate: (bytesPerSecond: number) => string
  /** seconds as a person says them: two units at most */
  duration: (seconds: number) => string
  dateTime: (iso: string) => string
  /** with seconds: for evidence and logs */
  exactTime: (iso: string) => string
  time: (iso: string) => string
  day: (iso: string) => string
  ago: (iso: string, now: Date) => string
  /** the same moment as a server's clock and UTC show it, for hovering */
  elsewhere: (iso: string, timeZone?: string | null) => string
  list: (items: readonly string[]) => string
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const timeUnits = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const
const agoUnits = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

export function formatFor(language: string): Format {
  // each made when it is first needed: the first one of all costs 20 ms, and the window's first picture needs none
  const number = once(() => new Intl.NumberFormat(language))
  const relative = once(() => new Intl.RelativeTimeFormat(language))
  const thisMinute = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'minute'))
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const dates = (options: Intl.DateTimeFormatOptions) => {
    const format = once(() => new Intl.DateTimeFormat(language, options))
    return (date: Date) => format().format(date)
  }
  const thisYear = dates({ month: 'short', day: 'numeric', ...clock })
  const anyYear = dates({ year: 'numeric', month: 'short', day: 'numeric', ...clock })
  const exactTime = dates({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })
  const time = dates({ timeStyle: 'medium', hourCycle: 'h23' })
  const day = dates({ dateStyle: 'medium' })
  const units = once(() => new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }))
  const list = once(() => new Intl.ListFormat(language, { type: 'conjunction' }))

  const quantities = remembered((key) => {
    const [unit = '', digits] = key.split(' ')
    const unitDisplay = unit === 'byte' && language === 'en' ? 'long' : 'short'
    return new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay,
      maximumFractionDigits: Number(digits),
    })
  })
  const clocks = remembered((zone) => clockOf(language, zone))
  const inUnit = (value: number, unit: string, digits: number) => quantities(`${unit} ${digits}`).format(value)

  function sized(value: number, suffix = ''): string {
    const power = value < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(value) / 3))
    const scaled = value / 1000 ** power
    return inUnit(scaled, `${byteUnits[power] ?? 'byte'}${suffix}`, power === 0 || scaled >= 100 ? 0 : 1)
  }

  return {
    number: (value) => number().format(value),
    bytes: (value) => sized(value),
    rate: (value) => sized(value, '-per-second'),
    duration: (seconds) =>
      units().format(
        spanOf(seconds).map(([value, unit]) => inUnit(value, unit, unit === 'second' && seconds < 10 ? 1 : 0)),
      ),
    dateTime: (iso) => {
      const date = new Date(iso)
      return (date.getFullYear() === new Date().getFullYear() ? thisYear : anyYear)(date)
    },
    exactTime: (iso) => exactTime(new Date(iso)),
    time: (iso) => time(new Date(iso)),
    day: (iso) => day(new Date(iso.length === 10 ? `${iso}T12:00` : iso)),
    ago: (iso, now) => {
      const seconds = (new Date(iso).getTime() - now.getTime()) / 1000
      if (Math.abs(seconds) < 60) return thisMinute()
      // two of a unit at least: "yesterday" for 47 hours would make it a day younger
      const [unit, size] = agoUnits.find(([, length]) => Math.abs(seconds) >= 2 * length) ?? (['minute', 60] as const)
      return relative().format(Math.round(seconds / size), unit)
    },
    elsewhere: (iso, timeZone) => {
      const zones = [...(timeZone && timeZone !== 'UTC' ? [timeZone] : []), 'UTC']
      return zones
        .flatMap((zone) => {
          const clock = clocks(zone)
          return clock ? [`${clock.format(new Date(iso))} ${zone}`] : []
        })
        .join('\n')
    },
    list: (items) => list().format(items),
  }
}

/** Seconds, rounded up to what two units can say: for sentences that promise an upper bound. */
export function atMost(seconds: number): number {
  const step = seconds > 86_400 - 60 ? 3_600 : 60
  return Math.max(step === 60 ? 60 : 86_400, Math.ceil(seconds / step) * step)
}

/** The two largest units that say it: 3 days 4 h, 5 h 12 min, 41 s. Under a minute one unit. */
export function spanOf(seconds: number): [number, string][] {
  if (seconds < 60) return [[seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds), 'second']]
  const index = timeUnits.findIndex(([, length]) => seconds >= length)
  const first = timeUnits[index]
  const second = timeUnits[index + 1]
  if (!first || !second) return [[Math.round(seconds), 'second']]
  const whole = Math.floor(seconds / first[1])
  const rest = Math.floor((seconds - whole * first[1]) / second[1])
  return rest === 0
    ? [[whole, first[0]]]
    : [
        [whole, first[0]],
        [rest, second[0]],
      ]
}

/** The clock of a time zone; null for a zone that only the server's own system knows. */
function clockOf(language: string, timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23', timeZone })
  } catch {
    return null
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

/** Makes each value once: a formatter of Intl costs a hundred times what it does with a value. */
function remembered<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

const formats = remembered(formatFor)

/** Follows the language, and nothing more: rows of a list ask for it by the thousand. */
export function useFormat(): Format {
  return formats(useSyncExternalStore(onLanguage, () => i18next.language))
}

function onLanguage(told: () => void): () => void {
  i18next.on('languageChanged', told)
  return () => i18next.off('languageChanged', told)
}
