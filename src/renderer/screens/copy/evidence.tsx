import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type { Copy, Snapshot } from '#shared/copy.ts'
import { printable } from '#shared/name.ts'
import { latestProofs, rungs, type Proof, type Rung } from '#shared/proof.ts'
import type { Verification } from '#shared/verification.ts'
import { engineWords } from '../verification/engine-words.ts'
import { countsOf, judge } from '../verification/verdict.ts'
import { findingWords, worstFinding } from './finding-words.ts'
import { showVerification } from '../../actions/verify.ts'
import { Ago } from '../../parts/time.tsx'
import { RungLines } from '../../parts/ladder.tsx'
import { useFormat, type Format } from '../../words/format.ts'

/** The ladder with the evidence of each rung, the highest on top. */
export function Evidence({ copy }: { copy: Copy }) {
  const { t } = useTranslation()
  const proofs = latestProofs(copy.proofs)
  return (
    <section aria-label={t('copy.ladder')} className="rounded-panel border bg-panel px-5 py-3">
      <ol reversed>
        {rungs.toReversed().map((rung) => (
          <EvidenceRow key={rung} rung={rung} proof={proofs.find((proof) => proof.rung === rung) ?? null} copy={copy} />
        ))}
      </ol>
      <LastVerification copy={copy} />
    </section>
  )
}

/** The way to the evidence of the last verification, table by table. */
function LastVerification({ copy: { verification } }: { copy: Copy }) {
  const { t } = useTranslation()
  if (!verification) return null
  return (
    <button
      type="button"
      onClick={() => showVerification(verification.jobId)}
      className="mt-2 mb-1 rounded-[4px] text-sm text-accent hover:underline"
    >
      {t('evidence.showLast')} (<Ago iso={verification.at} />)
    </button>
  )
}

interface EvidenceRowProps {
  rung: Rung
  proof: Proof | null
  copy: Copy
}

function EvidenceRow({ rung, proof, copy }: EvidenceRowProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const outcome = proof?.outcome ?? 'not-checked'
  const words = evidenceWords(rung, proof, copy, t, format)
  const ink = outcome === 'damaged' ? 'text-damaged' : outcome === 'proven' ? 'text-ink-2' : 'text-ink-3'
  return (
    <li className="flex min-h-11 items-stretch gap-4">
      <Rails outcome={outcome} />
      <span className="grid min-w-0 flex-1 grid-cols-[84px_minmax(0,1fr)] items-center gap-3 py-1">
        <span className={outcome === 'not-checked' ? 'text-ink-3' : 'font-semibold'}>
          {t(`rung.${rung}`)}
          <span className="sr-only">{t('sentence.colon')}</span>
        </span>
        <span
          className={`min-w-0 break-words ${ink}`}
          title={proof ? `${printable(proof.engine)}\n${printable(proof.detail)}` : undefined}
        >
          {outcome === 'damaged' && <b className="font-semibold">{t('outcome.damaged')} · </b>}
          {words.join(' · ')}
        </span>
      </span>
    </li>
  )
}

/** The two rails run through every row, as tall as its words make it. */
function Rails({ outcome }: { outcome: Proof['outcome'] }) {
  return (
    <span aria-hidden className="flex w-8 shrink-0 items-center border-x-2 border-rail">
      <svg width="28" height="12" viewBox="0 0 28 12">
        <RungLines outcome={outcome} x1={0} x2={28} ys={[5]} thick={4} />
      </svg>
    </span>
  )
}

/** What proved it, when, and how long that took: worded from the copy's own facts where they say it. */
export function evidenceWords(rung: Rung, proof: Proof | null, copy: Copy, t: TFunction, format: Format): string[] {
  if (!proof) return [rung === 'rehearsed' ? t('evidence.notTried') : t(`evidence.notYet`)]
  const when = [format.dateTime(proof.at), ...(proof.seconds >= 0.05 ? [format.duration(proof.seconds)] : [])]
  if (rung === 'exact' && proof.outcome === 'not-checked' && proof.at === copy.snapshot?.at) {
    return [...sourceWords(copy.snapshot, t), ...when]
  }
  if (proof.outcome !== 'proven') {
    const worst = rung === 'readable' ? worstFinding(copy.findings) : null
    return [...(worst ? findingWords(worst, t, format) : [printable(proof.detail)]), ...when]
  }
  if (rung === 'stored') {
    const sha = `${copy.sha256.slice(0, 8)}…${copy.sha256.slice(-4)}`
    return [t('evidence.stored', { sha, size: format.bytes(copy.bytes) }), ...when]
  }
  if (rung === 'readable') {
    const tables = t('evidence.tables', { count: copy.tableCount })
    return [
      t('evidence.readable'),
      `${tables}${t('sentence.comma')}${t('evidence.rows', { count: copy.rowCount, rows: format.number(copy.rowCount) })}`,
      ...when,
    ]
  }
  const verification = verificationOf(copy, proof)
  if (rung === 'restored' && verification?.engine) {
    const objects = verification.objects.reduce((sum, { present }) => sum + present, 0)
    const findings = verification.findings.filter((finding) => finding.class !== 'explained').length
    return [
      engineWords(verification.engine, t),
      `${t('evidence.objects', { count: objects, objects: format.number(objects) })}${t('sentence.comma')}${t('finding.title', { count: findings })}`,
      ...when,
    ]
  }
  if (rung === 'exact' && verification) {
    const { all, equal, source } = countsOf(judge(verification.tables))
    return [
      t('verify.equalToDump', { equal, count: all }),
      ...(source > 0 ? [t('verify.equalToSource', { count: source })] : []),
      ...when,
    ]
  }
  return [printable(proof.detail), ...when]
}

/** How far the source alone has brought the rung: nothing was restored yet. */
function sourceWords({ tables, note }: Snapshot, t: TFunction): string[] {
  const words = note === null ? [] : [printable(note)]
  if (tables.length === 0 && note !== null) return [t('evidence.notRestored'), ...words]
  return [t('evidence.equalToSource', { count: tables.length }), t('evidence.notRestored'), ...words]
}

/** The verification that this proof came from, when it is the one that the copy keeps. */
function verificationOf({ verification }: Copy, { rung, at }: Proof): Verification | null {
  return verification?.proofs.some((proof) => proof.rung === rung && proof.at === at) ? verification : null
}
