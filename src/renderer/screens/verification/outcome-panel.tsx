import { useTranslation } from 'react-i18next'
import type { CopyRow } from '#shared/copy.ts'
import type { Outcome, Proof } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { Ladder } from '../../parts/ladder.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { useSandboxes } from '../../stores/sandboxes.ts'
import { headlineOf } from './headline.ts'
import { KeptSandbox } from './kept-sandbox.tsx'
import { countsOf, type JudgedTable } from './verdict.ts'

/** Three outcomes, three looks: a green panel, a red one, and a dashed grey one that nobody takes for green. */
const looks: Record<Outcome, string> = {
  proven: 'border-proven/35 bg-proven-soft',
  damaged: 'border-damaged/35 bg-damaged-soft',
  'not-checked': 'border-dashed border-line-strong bg-panel',
}

interface OutcomePanelProps {
  copy: CopyRow | null
  verification: Verification
  judged: readonly JudgedTable[]
}

export function OutcomePanel({ copy, verification, judged }: OutcomePanelProps) {
  const { t } = useTranslation()
  const { title, sentences } = headlineOf(verification, countsOf(judged), t)
  const sandbox = useSandboxes((state) =>
    state.value?.find(({ jobId, state: at }) => jobId === verification.jobId && at === 'open'),
  )
  return (
    <section
      aria-label={t('verify.outcome')}
      className={`flex items-start gap-3.5 rounded-panel border px-4.5 py-4 ${looks[verification.outcome]}`}
    >
      <span className="pt-0.5">
        <OutcomeMark outcome={verification.outcome} size={22} />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="text-lg font-bold">{title}</p>
        {sentences.map((sentence) => (
          <p key={sentence} className="break-words">
            {sentence}
          </p>
        ))}
        {sandbox && <KeptSandbox sandbox={sandbox} />}
      </div>
      <Ladder proofs={ladderOf(copy, verification)} />
    </section>
  )
}

/** What this verification tried, on the rungs below that it stands on: a later one of the same copy is not its doing. */
export function ladderOf(copy: Pick<CopyRow, 'proofs'> | null, verification: Verification): Proof[] {
  const tried = new Set(verification.proofs.map(({ rung }) => rung))
  const below = (copy?.proofs ?? []).filter(
    ({ rung }) => (rung === 'stored' || rung === 'readable') && !tried.has(rung),
  )
  return [...below, ...verification.proofs]
}
