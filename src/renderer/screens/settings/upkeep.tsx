import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '#shared/contract.ts'
import { printable } from '#shared/name.ts'
import { rebuildCatalogue } from '../../actions/catalogue.ts'
import { openLogs } from '../../actions/desktop.ts'
import { perform } from '../../actions/perform.ts'
import { call } from '../../bridge.ts'
import { Button } from '../../parts/button.tsx'
import { OutcomeMark } from '../../parts/outcome.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Setting } from './setting.tsx'

type Diagnosis = Output<'doctor'>[number]

export function Upkeep() {
  const { t } = useTranslation()
  const [diagnoses, setDiagnoses] = useState<readonly Diagnosis[] | null>(null)
  const [busy, setBusy] = useState(false)
  async function examine(): Promise<void> {
    setBusy(true)
    await perform(t('upkeep.doctor'), async () => setDiagnoses(await call('doctor', {})))
    setBusy(false)
  }
  return (
    <Panel flush>
      <Setting title={t('upkeep.rebuild')} text={t('upkeep.rebuildText')}>
        <Button onClick={rebuildCatalogue}>{t('action.rebuildCatalogue')}</Button>
      </Setting>
      <Setting name="doctor" title={t('upkeep.doctor')} text={t('upkeep.doctorText')}>
        <Button busy={busy} onClick={() => void examine()}>
          {t('upkeep.examine')}
        </Button>
      </Setting>
      {diagnoses && (
        <ul aria-label={t('upkeep.doctor')} className="border-t bg-sunken">
          {diagnoses.map((diagnosis) => (
            <DiagnosisRow key={diagnosis.name} diagnosis={diagnosis} />
          ))}
        </ul>
      )}
      <Setting title={t('upkeep.logs')} text={t('upkeep.logsText')}>
        <Button onClick={openLogs}>{t('action.openLogs')}</Button>
      </Setting>
    </Panel>
  )
}

const marks = { ok: 'done', missing: 'not-checked', problem: 'care' } as const

function DiagnosisRow({ diagnosis }: { diagnosis: Diagnosis }) {
  const { t } = useTranslation()
  return (
    <li className="flex items-start gap-3 px-4.5 py-1.5">
      <span className="pt-0.5">
        <OutcomeMark outcome={marks[diagnosis.outcome]} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <b className="font-semibold">{printable(diagnosis.name)}</b>
          <span className="sr-only"> {t(`upkeep.outcome.${diagnosis.outcome}`)}</span>
          {t('sentence.colon')}
          {printable(diagnosis.detail)}
        </p>
        {diagnosis.remedy && <p className="text-ink-2">→ {printable(diagnosis.remedy)}</p>}
      </div>
    </li>
  )
}
