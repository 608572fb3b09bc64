import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DatabaseState } from '#shared/overview.ts'
import { rungs, type Rung } from '#shared/proof.ts'
import { useFormat } from '../../words/format.ts'

type Day = DatabaseState['days'][number]

const cell = { width: 13, height: 10, gapX: 3, gapY: 2.6 }
const fills: Record<Rung, string> = {
  stored: 'var(--proof-1)',
  readable: 'var(--proof-2)',
  restored: 'var(--proof-3)',
  exact: 'var(--proof-4)',
  rehearsed: 'var(--proof-4)',
}

/** Columns are weeks that begin on Monday: where a day stands, 0 = Monday. */
export function weekday(day: string): number {
  return (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7
}

/** The last twelve weeks, each day coloured by the best rung reached that day, damage crossed out. */
export function Calendar({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const offset = days[0] ? weekday(days[0].day) : 0
  const columns = Math.ceil((days.length + offset) / 7)
  const width = columns * (cell.width + cell.gapX)
  const height = 7 * (cell.height + cell.gapY)
  const good = days.filter((day) => day.rung !== null && rungs.indexOf(day.rung) >= 1).length
  const damaged = days.filter((day) => day.damaged).length
  return (
    <svg
      role="img"
      aria-label={`${t('overview.calendarGood', { count: good })} ${t('overview.calendarDamaged', { count: damaged })}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="max-w-full"
    >
      {days.map((day, index) => {
        const place = index + offset
        const x = Math.floor(place / 7) * (cell.width + cell.gapX)
        const y = (place % 7) * (cell.height + cell.gapY)
        return (
          <g key={day.day}>
            <title>{`${format.day(day.day)}: ${dayWords(day, t)}`}</title>
            <DayCell day={day} x={x} y={y} />
          </g>
        )
      })}
    </svg>
  )
}

export function DayCell({ day, x, y }: { day: Pick<Day, 'rung' | 'damaged'>; x: number; y: number }) {
  const { width, height } = cell
  const fill = day.damaged ? 'var(--damaged-soft)' : day.rung ? fills[day.rung] : 'var(--proof-0)'
  return (
    <>
      <rect x={x} y={y} width={width} height={height} rx="2" fill={fill} />
      {day.damaged && (
        <>
          <rect
            x={x + 0.6}
            y={y + 0.6}
            width={width - 1.2}
            height={height - 1.2}
            rx="1.6"
            fill="none"
            stroke="var(--damaged)"
            strokeWidth="1.2"
          />
          <path
            d={`M${x + 4.2} ${y + 2.8}l4.6 4.4m0 -4.4l-4.6 4.4`}
            stroke="var(--damaged)"
            strokeWidth="1.3"
            strokeLinecap="round"
          />
        </>
      )}
    </>
  )
}

function dayWords(day: Day, t: TFunction): string {
  const rung = day.rung ? t(`rung.${day.rung}`) : null
  if (day.damaged) return [t('outcome.damaged'), rung].filter(Boolean).join(', ')
  return rung ?? t('overview.noCopyThatDay')
}

/** What the colours of the calendar mean. The rung that this version cannot reach is left out. */
export function Legend() {
  const { t } = useTranslation()
  const entries: { day: Pick<Day, 'rung' | 'damaged'>; text: string }[] = [
    { day: { rung: null, damaged: false }, text: t('overview.noCopyThatDay') },
    { day: { rung: 'stored', damaged: false }, text: t('rung.stored') },
    { day: { rung: 'readable', damaged: false }, text: t('rung.readable') },
    { day: { rung: 'restored', damaged: false }, text: t('rung.restored') },
    { day: { rung: 'exact', damaged: false }, text: t('rung.exact') },
    { day: { rung: null, damaged: true }, text: t('outcome.damaged') },
  ]
  return (
    <ul aria-label={t('overview.legend')} className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-3">
      {entries.map(({ day, text }) => (
        <li key={text} className="flex items-center gap-1.5">
          <svg width={cell.width} height={cell.height} aria-hidden>
            <DayCell day={day} x={0} y={0} />
          </svg>
          {text}
        </li>
      ))}
    </ul>
  )
}
