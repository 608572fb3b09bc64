import type { TFunction } from 'i18next'
import { printable } from '#shared/name.ts'
import type { Verification } from '#shared/verification.ts'
import type { Counts } from './verdict.ts'

export interface Headline {
  title: string
  /** what it rests on, in one or two short sentences */
  sentences: string[]
}

/** The outcome in words that say no more than was proven. */
export function headlineOf(verification: Verification, counts: Counts, t: TFunction): Headline {
  switch (verification.outcome) {
    case 'damaged':
      return { title: t('verify.headline.damaged'), sentences: damageOf(verification, counts, t) }
    case 'not-checked':
      return { title: t('verify.headline.not-checked'), sentences: uncheckedOf(verification, counts, t) }
    case 'proven':
      return verification.rung === 'exact' || verification.rung === 'rehearsed'
        ? { title: t('verify.headline.exact'), sentences: equalOf(counts, t) }
        : { title: t('verify.headline.restored'), sentences: uncheckedOf(verification, counts, t) }
  }
}

function equalOf(counts: Counts, t: TFunction): string[] {
  if (counts.all === 0) return [t('verify.noTables')]
  const { equal, all: count, source } = counts
  const toDump = t('verify.equalToDump', { equal, count })
  return source === 0 ? [toDump] : [toDump, t('verify.equalToSource', { count: source })]
}

function damageOf({ findings }: Verification, counts: Counts, t: TFunction): string[] {
  const found = findings.filter((finding) => finding.class === 'damage').length
  return [
    ...(counts.damaged > 0 ? [t('verify.tablesDiffer', { count: counts.damaged, all: counts.all })] : []),
    ...(found > 0 ? [t('verify.damageFound', { count: found })] : []),
    t('verify.doNotRely'),
  ]
}

function uncheckedOf({ findings, proofs }: Verification, counts: Counts, t: TFunction): string[] {
  const why = findings.find((finding) => finding.class === 'unchecked')?.detail
  const open = proofs.find((proof) => proof.outcome === 'not-checked')?.detail
  return [
    ...(counts.unchecked > 0 ? [t('verify.tablesUnchecked', { count: counts.unchecked, all: counts.all })] : []),
    ...(why !== undefined ? [printable(why)] : open !== undefined ? [printable(open)] : []),
  ]
}
