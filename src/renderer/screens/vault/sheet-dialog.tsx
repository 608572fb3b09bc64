import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { toFailure, type Failure } from '#shared/failure.ts'
import { recoverySheet, saveSheet } from '../../actions/vault.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog, DialogActions } from '../../parts/dialog.tsx'
import { FailureNote } from '../../parts/failure-note.tsx'
import { Waiting } from '../../parts/panel.tsx'

/** What to print and lay away: how to open the seals without Lifeboat, and lines for the passphrase. */
export function SheetDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    recoverySheet().then(setText, (error: unknown) => setFailure(toFailure(error)))
  }, [])
  return (
    <Dialog wide title={t('vault.sheet')} description={t('vault.sheetText')} onClose={onClose}>
      {failure && <FailureNote bare failure={failure} />}
      {text === null && !failure && <Waiting text={t('state.loading')} />}
      {text !== null && (
        <>
          <pre
            tabIndex={0}
            aria-label={t('vault.sheet')}
            className="selectable max-h-72 overflow-auto rounded-control border bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
          >
            {text}
          </pre>
          {/* what the printer gets: the sheet and nothing of the window */}
          {createPortal(<pre className="print-sheet">{text}</pre>, document.body)}
        </>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t('action.close')}</Button>
        <Button disabled={text === null} onClick={() => text !== null && saveSheet(text)}>
          {t('vault.sheetSave')}
        </Button>
        <Button variant="primary" disabled={text === null} onClick={() => window.print()}>
          {t('vault.sheetPrint')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
