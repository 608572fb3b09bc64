import { Lock, LockOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { lockVault, unlockVault } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { useNow } from '../../stores/now.ts'
import { useVaultState } from '../../stores/seals.ts'
import { useFormat } from '../../words/format.ts'

/** Whether the vault is open, in words, for under a title. */
export function LockState() {
  const { t } = useTranslation()
  const format = useFormat()
  const state = useVaultState((store) => store.value)
  const now = useNow((store) => store.now)
  if (!state) return null
  if (!state.unlocked || state.locksAt === null) {
    return (
      <span className="inline-flex items-center gap-1.5">
        <Lock size={13} aria-hidden />
        {t('vault.locked')}
      </span>
    )
  }
  const minutes = Math.max(1, Math.ceil((new Date(state.locksAt).getTime() - now.getTime()) / 60_000))
  const left = format.duration(Math.min(minutes, state.idleMinutes) * 60)
  return (
    <span className="inline-flex items-center gap-1.5 text-care" title={format.time(state.locksAt)}>
      <LockOpen size={13} aria-hidden />
      {t('vault.unlockedFor', { span: left })}
    </span>
  )
}

interface LockButtonProps {
  /** the seal that the passphrase is proven on; the newest one unless told */
  sealId?: string
  /** where something else unlocks */
  locksOnly?: boolean
}

/** Locks or unlocks; unlocking proves the passphrase on one seal. */
export function LockButton({ sealId, locksOnly = false }: LockButtonProps) {
  const { t } = useTranslation()
  const unlocked = useVaultState((store) => store.value?.unlocked ?? null)
  if (unlocked === null || (locksOnly && !unlocked)) return null
  return unlocked ? (
    <Button icon={<Lock size={14} aria-hidden />} onClick={lockVault}>
      {t('vault.lock')}
    </Button>
  ) : (
    <Button icon={<LockOpen size={14} aria-hidden />} onClick={() => unlockVault(sealId)}>
      {t('vault.unlock')}
    </Button>
  )
}
