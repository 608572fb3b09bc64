import { useEffect, useMemo } from 'react'
import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Seal } from '#shared/vault.ts'
import { Button } from '../../parts/button.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { Page, Trail, Up } from '../../parts/page.tsx'
import { Empty, Panel, Waiting } from '../../parts/panel.tsx'
import { Ago, Moment } from '../../parts/time.tsx'
import { useOpenSeal } from '../../stores/open-seal.ts'
import { useSeals } from '../../stores/seals.ts'
import { useFormat } from '../../words/format.ts'
import { LockButton, LockState } from './lock-control.tsx'
import { OpenedFiles } from './opened-files.tsx'
import { SealActions } from './seal-actions.tsx'
import { Kind, Look } from './seal-words.tsx'

/** One seal: asked open on the way in, its keys in their order, its values masked. */
export function SealPage({ id }: { id: string }) {
  const { t } = useTranslation()
  const seals = useSeals((state) => state.value)
  const failure = useSeals((state) => state.failure)
  const seal = useMemo(() => seals?.find((each) => each.id === id), [seals, id])
  if (seal) return <Known seal={seal} />
  return (
    <Page title={t('vault.one')} trail={<Trail to="vault">{t('nav.vault')}</Trail>}>
      {failure ? (
        <FailureNote failure={failure} retry={() => void useSeals.getState().refresh()} />
      ) : (
        <Panel>{seals ? <Empty title={t('vault.gone')} /> : <Waiting text={t('state.loading')} />}</Panel>
      )}
    </Page>
  )
}

function Known({ seal }: { seal: Seal }) {
  const { t } = useTranslation()
  const { id, server, label, sealedAt } = seal
  const opened = useOpenSeal((state) => (state.id === id ? state.seal : null))
  useEffect(() => {
    void useOpenSeal.getState().open(id)
    // Whoever leaves lets go of what was opened; opening it again takes no passphrase while the vault is unlocked.
    return () => useOpenSeal.getState().shut()
  }, [id])
  return (
    <Page
      fixed
      wideTitle
      trail={
        <span className="flex min-w-0 items-center gap-2">
          <Trail to="vault">{t('nav.vault')}</Trail>
          <Up view={{ screen: 'sealed', server, label }}>
            <Name text={server} className="max-w-60" />
          </Up>
          <LabelTag label={label} />
        </span>
      }
      title={
        <>
          {t('vault.sealOf')} <Moment iso={sealedAt} />
        </>
      }
      under={<Under seal={seal} />}
      actions={
        <>
          <LockButton locksOnly />
          {opened && <SealActions seal={seal} />}
        </>
      }
    >
      {opened ? <OpenedFiles seal={opened} /> : <Shut seal={seal} />}
    </Page>
  )
}

function Under({ seal }: { seal: Seal }) {
  const format = useFormat()
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
      <Ago iso={seal.sealedAt} />
      <Kind seal={seal} />
      <Look look={seal.look} />
      <span>{format.bytes(seal.bytes)}</span>
      <LockState />
    </span>
  )
}

/** Closed: why, and the button that opens it. */
function Shut({ seal }: { seal: Seal }) {
  const { t } = useTranslation()
  const opening = useOpenSeal((state) => state.id === seal.id && state.opening)
  const failure = useOpenSeal((state) => (state.id === seal.id ? state.failure : null))
  const open = (): void => void useOpenSeal.getState().open(seal.id)
  // Whoever closed the question for the passphrase needs no red box about it.
  const declined = failure?.kind === 'answer-needed' || failure?.kind === 'cancelled'
  if (failure && !declined) return <FailureNote failure={failure} retry={open} />
  return (
    <Panel>
      <div className="flex flex-col items-center pt-6 text-ink-3">
        <Lock size={28} strokeWidth={1.5} aria-hidden />
      </div>
      <Empty
        title={t(opening ? 'vault.opening' : 'vault.shut')}
        actions={
          <Button variant="primary" busy={opening} onClick={open}>
            {t('vault.openIt')}
          </Button>
        }
      >
        {t('vault.shutText')}
        {seal.names.length > 0 && (
          <>
            {' '}
            <span className="text-ink-3">{seal.names.map(printable).join(t('vault.between'))}</span>
          </>
        )}
      </Empty>
    </Panel>
  )
}
