import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { latestProofs, rungs, type Outcome, type Proof, type Rung } from '#shared/proof.ts'

type Step = { rung: Rung; outcome: Outcome }

/** How each rung stands, from the ground up. */
function outcomesOf(proofs: readonly Proof[]): Step[] {
  const latest = latestProofs(proofs)
  return rungs.map((rung) => ({
    rung,
    outcome: latest.find((proof) => proof.rung === rung)?.outcome ?? 'not-checked',
  }))
}

/** A list of thousands of copies knows a handful of ladders: in each language each of them is said once. */
const said = new Map<string, readonly string[]>()

function wordsOf(steps: readonly Step[], t: TFunction, language: string): readonly string[] {
  const key = [language, ...steps.map(({ outcome }) => outcome)].join(' ')
  const words = said.get(key) ?? steps.map(({ rung, outcome }) => `${t(`rung.${rung}`)}: ${t(`outcome.${outcome}`)}`)
  said.set(key, words)
  return words
}

interface RungLinesProps {
  outcome: Outcome
  x1: number
  x2: number
  /** of each rung with this outcome */
  ys: readonly number[]
  thick: number
}

/** Solid: proven. Broken in the middle: damaged there. Dashed grey: not checked. */
export function RungLines({ outcome, x1, x2, ys, thick }: RungLinesProps) {
  const middle = (x1 + x2) / 2
  const across = ys.map((y) => `M${x1} ${y}H${x2}`).join('')
  switch (outcome) {
    case 'proven':
      return <path d={across} stroke="var(--proven)" strokeWidth={thick} />
    case 'damaged':
      return (
        <path
          d={ys
            .map((y) => `M${x1} ${y - 1}L${middle - 2} ${y + thick}M${x2} ${y - 1}L${middle + 2} ${y + thick}`)
            .join('')}
          stroke="var(--damaged)"
          strokeWidth={thick}
          strokeLinecap="round"
        />
      )
    case 'not-checked':
      return <path d={across} stroke="var(--rail)" strokeWidth={1.5} strokeDasharray="3 3" />
  }
}

interface LadderProps {
  proofs: readonly Proof[]
  /** a row of a table has room for a small one */
  small?: boolean
}

/** The ladder of proofs at a glance: two rails, five rungs from the bottom. */
export function Ladder({ proofs, small = false }: LadderProps) {
  const { t, i18n } = useTranslation()
  const width = small ? 18 : 28
  const apart = small ? 5 : 15
  const height = apart * rungs.length + (small ? 1 : -5)
  const thick = small ? 2 : 3.5
  const steps = outcomesOf(proofs)
  const words = wordsOf(steps, t, i18n.language)
  return (
    <svg role="img" aria-label={words.join(', ')} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <title>{words.toReversed().join('\n')}</title>
      <path d={`M1 0V${height}M${width - 1} 0V${height}`} stroke="var(--rail)" strokeWidth={small ? 1.2 : 1.6} />
      {[...Map.groupBy(steps, ({ outcome }) => outcome)].map(([outcome, same]) => (
        <RungLines
          key={outcome}
          outcome={outcome}
          x1={2}
          x2={width - 2}
          // few shapes: a list of copies draws a hundred ladders at once
          ys={same.map(({ rung }) => height - (small ? 3 : 6) - rungs.indexOf(rung) * apart)}
          thick={thick}
        />
      ))}
    </svg>
  )
}
