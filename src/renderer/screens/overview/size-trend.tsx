import { useTranslation } from 'react-i18next'
import type { DatabaseState } from '#shared/overview.ts'
import { useFormat } from '../../words/format.ts'

type Sizes = DatabaseState['sizes']

const width = 156
const height = 56
const margin = 6

/** Points of the line, in pixels. The scale starts at zero, so that a fall looks as deep as it is. */
export function points(sizes: Sizes): { x: number; y: number }[] {
  const largest = Math.max(1, ...sizes.map((size) => size.bytes)) * 1.15
  const step = sizes.length > 1 ? (width - 2 * margin) / (sizes.length - 1) : 0
  return sizes.map((size, index) => ({
    x: sizes.length > 1 ? margin + index * step : width - margin,
    y: height - margin - (size.bytes / largest) * (height - 2 * margin),
  }))
}

export function SizeTrend({ sizes }: { sizes: Sizes }) {
  const { t } = useTranslation()
  const format = useFormat()
  const line = points(sizes)
  const last = sizes.at(-1)
  const end = line.at(-1)
  const first = sizes[0]
  if (!last || !end || !first) return <p className="pt-1 text-ink-3">—</p>
  const words = t('overview.trend', {
    from: format.bytes(first.bytes),
    to: format.bytes(last.bytes),
    count: sizes.length,
  })
  return (
    <div>
      <svg
        role="img"
        aria-label={words}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="max-w-full"
      >
        <title>{words}</title>
        <line x1={margin} x2={width - margin} y1={height - margin} y2={height - margin} stroke="var(--line)" />
        <polyline
          points={line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
          fill="none"
          stroke="var(--proof-3)"
          strokeWidth="1.8"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
        {sizes.map((size, index) => {
          const at = line[index]
          if (size.face !== 'damaged' || !at) return null
          return (
            <path
              key={size.takenAt}
              d={`M${at.x - 3} ${at.y - 3}l6 6m0 -6l-6 6`}
              stroke="var(--damaged)"
              strokeWidth="1.8"
              strokeLinecap="round"
            />
          )
        })}
        {last.face !== 'damaged' && <circle cx={end.x} cy={end.y} r="3" fill="var(--proof-4)" />}
      </svg>
      <p className="text-sm text-ink-2">{format.bytes(last.bytes)}</p>
    </div>
  )
}
