import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Difference, Seal } from '#shared/vault.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { Page, Trail, Up } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { useSealDifference } from '../../stores/seal-difference.ts'
import { useSeals } from '../../stores/seals.ts'
import { useFormat } from '../../words/format.ts'
import { DifferenceTable } from './difference-table.tsx'
import { rowsOf, sameCount } from './difference-rows.ts'
import { LockButton, LockState } from './lock-control.tsx'

/** Two seals of a database, key by key; the older one is on the left. */
export function SealDifference({ left, right }: { left: string; right: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const seals = useSeals((state) => state.value)
  const [older, newer] = useMemo(
    () => [left, right].map((id) => seals?.find((seal) => seal.id === id)),
    [seals, left, right],
  )
  useEffect(() => {
    void useSealDifference.getState().compare(left, right)
    return () => useSealDifference.getState().shut()
  }, [left, right])
  return (
    <Page
      fixed
      title={t('vault.differenceTitle')}
      trail={<Way seal={newer} />}
      under={
        <span className="flex flex-wrap gap-x-4">
          {older &&
            newer &&
            t('vault.differenceUnder', {
              left: format.dateTime(older.sealedAt),
              right: format.dateTime(newer.sealedAt),
            })}
          <LockState />
        </span>
      }
      actions={<LockButton locksOnly />}
    >
      <Beside again={() => void useSealDifference.getState().compare(left, right)} />
    </Page>
  )
}

function Way({ seal }: { seal: Seal | undefined }) {
  const { t } = useTranslation()
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Trail to="vault">{t('nav.vault')}</Trail>
      {seal && (
        <>
          <Up view={{ screen: 'sealed', server: seal.server, label: seal.label }}>
            <Name text={seal.server} className="max-w-60" />
          </Up>
          <LabelTag label={seal.label} />
        </>
      )}
    </span>
  )
}

function Beside({ again }: { again: () => void }) {
  const { t } = useTranslation()
  const { difference, comparing, failure } = useSealDifference()
  if (difference) return <Found difference={difference} />
  const declined = failure?.kind === 'answer-needed' || failure?.kind === 'cancelled'
  if (failure && !declined) return <FailureNote failure={failure} retry={again} />
  return (
    <Panel>
      {comparing ? (
        <Waiting text={t('vault.opening')} />
      ) : (
        <Empty
          title={t('vault.shut')}
          actions={
            <Button variant="primary" onClick={again}>
              {t('vault.openBoth')}
            </Button>
          }
        >
          {t('vault.shutText')}
        </Empty>
      )}
    </Panel>
  )
}

function Found({ difference }: { difference: Difference }) {
  const { t } = useTranslation()
  const count = rowsOf(difference).length
  const same = sameCount(difference)
  if (count === 0) {
    return (
      <Panel>
        <Empty title={t('vault.noDifference')}>{t('vault.sameKeys', { count: same })}</Empty>
      </Panel>
    )
  }
  return (
    <>
      <p className="text-ink-2">
        <b className="font-semibold text-ink-1">{t('vault.differ', { count })}</b>
        {t('sentence.comma')}
        {t('vault.sameKeys', { count: same })}
      </p>
      <section className="flex min-h-40 flex-col overflow-hidden rounded-panel border bg-panel">
        <DifferenceTable difference={difference} sides="seal" />
      </section>
    </>
  )
}
