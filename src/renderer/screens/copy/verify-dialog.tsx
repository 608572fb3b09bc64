import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Copy } from '#shared/copy.ts'
import { defaultSettings } from '#shared/settings.ts'
import type { SandboxChoice } from '#shared/sandbox.ts'
import { verifyAndWatch } from '../../actions/verify.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { Checkbox, TextField } from '../../parts/field.tsx'
import { Segments } from '../../parts/select.tsx'
import { useEngines } from '../../stores/sandboxes.ts'
import { useSettings } from '../../stores/settings.ts'
import { EngineStatus } from '../settings/engine-status.tsx'

/** Verify this once with another engine or image, and leave the sandbox open to look into it. */
export function VerifyDialog({ copy, onClose }: { copy: Copy; onClose: () => void }) {
  const { t } = useTranslation()
  const settings = useSettings((state) => state.value) ?? defaultSettings
  const [engine, setEngine] = useState<SandboxChoice>(settings.sandbox)
  const [image, setImage] = useState('')
  const [keep, setKeep] = useState(false)
  const [busy, setBusy] = useState(false)
  const engines = useEngines((state) => state.value)
  useEffect(() => void useEngines.getState().refresh(), [])
  const facts = engines?.find(({ kind }) => kind === engine)

  async function start(): Promise<void> {
    setBusy(true)
    const named = engine === 'embedded' || image.trim() === '' ? {} : { image: image.trim() }
    if (await verifyAndWatch({ kind: 'copy', id: copy.id }, { engine, keep, ...named })) onClose()
    else setBusy(false)
  }

  return (
    <Dialog title={t('verify.choose')} description={t('verify.chooseText')} onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <Segments
          label={t('settings.sandbox')}
          value={engine}
          onChange={setEngine}
          choices={[
            { value: 'auto', label: t('sandbox.auto') },
            { value: 'docker', label: 'Docker' },
            { value: 'embedded', label: t('sandbox.embedded') },
          ]}
        />
        {facts && <EngineStatus facts={facts} />}
        {engine !== 'embedded' && (
          <TextField
            code
            label={t('sandbox.image')}
            hint={t('verify.imageHint')}
            value={image}
            onChange={(event) => setImage(event.target.value)}
          />
        )}
        <Checkbox label={t('verify.keep', { count: settings.keepSandboxMinutes })} checked={keep} onChange={setKeep} />
        <DialogActions>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {t('action.verify')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
