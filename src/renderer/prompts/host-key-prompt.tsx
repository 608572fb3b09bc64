import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { printable } from '#shared/name.ts'
import type { Answer, Prompt } from '#shared/prompt.ts'
import { copyText } from '../actions/desktop.ts'
import { Button } from '../parts/button.tsx'
import { Dialog, DialogActions } from '../parts/dialog.tsx'
import { Name } from '../parts/label.tsx'
import { Fact, Facts } from '../parts/panel.tsx'
import { useFormat } from '../words/format.ts'
import { reachedAt } from '../words/reached-at.ts'

interface HostKeyPromptProps {
  prompt: Extract<Prompt, { kind: 'host-key' }>
  answer: (answer: Answer) => void
}

/** An unknown host key: shown, so that a person can compare it. A changed key never gets here. */
export function HostKeyPrompt({ prompt, answer }: HostKeyPromptProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { key, server, knownTypes } = prompt
  // A hasty Enter must not trust anything.
  const stop = useRef<HTMLButtonElement>(null)
  const decline = (): void => answer({ kind: 'host-key', accept: false })
  return (
    <Dialog
      insists
      wide
      initialFocus={stop}
      title={t('prompt.hostKeyTitle')}
      description={t('prompt.hostKeyText')}
      onClose={decline}
    >
      <Facts>
        <Fact name={t('server.one')}>
          <Name text={server} />
        </Fact>
        <Fact name={t('server.host')}>
          <span className="font-mono text-sm">{reachedAt(key, t)}</span>
        </Fact>
        <Fact name={t('pin.type')}>
          <span className="font-mono text-sm">{printable(key.type)}</span>
        </Fact>
      </Facts>
      <p className="mt-4 text-sm text-ink-2">{t('pin.fingerprint')}</p>
      <p className="mt-1 rounded-control border bg-sunken px-3 py-2.5 font-mono text-base break-all">
        {key.fingerprint}
      </p>
      <p className="mt-3 text-sm text-ink-2">{t('prompt.hostKeyHow')}</p>
      <pre className="mt-1 rounded-control border bg-sunken px-3 py-2 font-mono text-xs whitespace-pre-wrap">
        ssh-keygen -lf /etc/ssh/ssh_host_{keyFile(key.type)}_key.pub
      </pre>
      {knownTypes.length > 0 && (
        <p className="mt-3 text-care">
          {t('prompt.hostKeyKnownTypes', { types: format.list(knownTypes.map(printable)) })}
        </p>
      )}
      <DialogActions>
        <Button variant="quiet" className="mr-auto" onClick={() => copyText(key.fingerprint)}>
          {t('action.copyFingerprint')}
        </Button>
        <Button ref={stop} onClick={decline}>
          {t('prompt.hostKeyDecline')}
        </Button>
        <Button variant="primary" onClick={() => answer({ kind: 'host-key', accept: true })}>
          {t('prompt.hostKeyAccept')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** The part of the key's usual file name on a server. */
function keyFile(type: string): string {
  if (type.includes('ed25519')) return 'ed25519'
  return type.includes('ecdsa') ? 'ecdsa' : 'rsa'
}
