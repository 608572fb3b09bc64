import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportFormat } from '#shared/vault.ts'
import { exportSeal } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Subject } from '../../parts/label.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Segments } from '../../parts/select.tsx'
import { useSeals } from '../../stores/seals.ts'

/** A file that a password manager imports; it is in clear, and that is said before it is written. */
export function ExportDialog({ sealId, onClose }: { sealId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [format, setFormat] = useState<ExportFormat>('bitwarden')
  const [busy, setBusy] = useState(false)
  const seal = useSeals((state) => state.value?.find(({ id }) => id === sealId))
  async function write(): Promise<void> {
    setBusy(true)
    if (await exportSeal(sealId, format)) onClose()
    else setBusy(false)
  }
  return (
    <Dialog title={t('vault.exportTitle')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {seal && <Subject server={seal.server} label={seal.label} strong />}
        <p className="flex gap-2.5 rounded-control bg-care-soft px-3 py-2.5">
          <span className="pt-0.5">
            <OutcomeMark outcome="care" />
          </span>
          <span>{t('vault.inClear')}</span>
        </p>
        <Segments
          label={t('vault.exportFor')}
          value={format}
          onChange={setFormat}
          choices={[
            { value: 'bitwarden', label: 'Bitwarden' },
            { value: '1password', label: '1Password' },
          ]}
        />
        <p className="text-sm text-ink-2">{t(`vault.exportHow.${format}`)}</p>
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button variant="primary" busy={busy} onClick={() => void write()}>
            {t('vault.exportWrite')}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
