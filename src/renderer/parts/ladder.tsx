import { useTranslation } from 'react-i18next'
import { latestProofs, rungs, type Outcome, type Proof, type Rung } from '#shared/proof.ts'

/** How each rung stands, from the ground up. */
function outcomesOf(proofs: readonly Proof[]): { rung: Rung; outcome: Outcome }[] {
  const latest = latestProofs(proofs)
  return rungs.map((rung) => ({
    rung,
    outcome: latest.find((proof) => proof.rung === rung)?.outcome ?? 'not-checked',
  }))
}

interface RungLineProps {
  outcome: Outcome
  x1: number
  x2: number
  y: number
  thick: number
}

/** Solid: proven. Broken in the middle: damaged there. Dashed grey: not checked. */
export function RungLine({ outcome, x1, x2, y, thick }: RungLineProps) {
  const middle = (x1 + x2) / 2
  switch (outcome) {
    case 'proven':
      return <line x1={x1} x2={x2} y1={y} y2={y} stroke="var(--proven)" strokeWidth={thick} />
    case 'damaged':
      return (
        <path
          d={`M${x1} ${y - 1}L${middle - 2} ${y + thick}M${x2} ${y - 1}L${middle + 2} ${y + thick}`}
          stroke="var(--damaged)"
          strokeWidth={thick}
          strokeLinecap="round"
        />
      )
    case 'not-checked':
      return <line x1={x1} x2={x2} y1={y} y2={y} stroke="var(--rail)" strokeWidth={1.5} strokeDasharray="3 3" />
  }
}

interface LadderProps {
  proofs: readonly Proof[]
  /** a row of a table has room for a small one */
  small?: boolean
}

/** The ladder of proofs at a glance: two rails, five rungs from the bottom. */
export function Ladder({ proofs, small = false }: LadderProps) {
  const { t } = useTranslation()
  const width = small ? 18 : 28
  const step = small ? 5 : 15
  const height = step * rungs.length + (small ? 1 : -5)
  const thick = small ? 2 : 3.5
  const steps = outcomesOf(proofs)
  const words = steps.map(({ rung, outcome }) => `${t(`rung.${rung}`)}: ${t(`outcome.${outcome}`)}`)
  return (
    <svg role="img" aria-label={words.join(', ')} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{words.toReversed().join('\n')}</title>
      {[1, width - 1].map((x) => (
        <line key={x} x1={x} x2={x} y1={0} y2={height} stroke="var(--rail)" strokeWidth={small ? 1.2 : 1.6} />
      ))}
      {steps.map(({ rung, outcome }, index) => (
        <RungLine
          key={rung}
          outcome={outcome}
          x1={2}
          x2={width - 2}
          y={height - (small ? 3 : 6) - index * step}
          thick={thick}
        />
      ))}
    </svg>
  )
}
