import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startDemo } from '../../actions/servers.ts'
import { Button } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { rungs } from '#shared/proof.ts'
import { useView } from '../../stores/view.ts'

/** Nothing is set up yet: two ways in, and what the app will do with them. */
export function FirstStart() {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const [starting, setStarting] = useState(false)
  async function demo(): Promise<void> {
    setStarting(true)
    await startDemo()
    setStarting(false)
  }
  return (
    <Page title={t('first.title')} under={t('first.under')}>
      <div className="@container">
        <div className="grid gap-4 @[600px]:grid-cols-2">
          <Way
            title={t('first.serverTitle')}
            text={t('first.serverText')}
            action={
              <Button variant="primary" onClick={() => go({ screen: 'add-server' })}>
                {t('action.addServer')}
              </Button>
            }
          />
          <Way
            title={t('first.demoTitle')}
            text={t('first.demoText')}
            action={
              <Button busy={starting} onClick={() => void demo()}>
                {starting ? t('first.demoStarting') : t('action.startDemo')}
              </Button>
            }
          />
        </div>
      </div>
      <section aria-label={t('first.ladder')} className="mt-2">
        <h2 className="font-semibold">{t('first.ladder')}</h2>
        <p className="mb-4 text-ink-2">{t('first.ladderText')}</p>
        <ol className="flex w-fit flex-col-reverse">
          {rungs.map((rung, index) => (
            <li key={rung} className="flex items-stretch gap-4">
              <span aria-hidden className="relative w-8 border-x-2 border-rail">
                <span
                  className={`absolute inset-x-0 top-1/2 -translate-y-1/2 ${index < 4 ? 'h-1 bg-proof-3' : 'border-t-[1.5px] border-dashed border-rail'}`}
                />
              </span>
              <span className="grid grid-cols-[88px_minmax(0,1fr)] gap-3 py-1.5">
                <b className="font-semibold">{t(`rung.${rung}`)}</b>
                <span className="text-ink-2">{t(`rungMeans.${rung}`)}</span>
              </span>
            </li>
          ))}
        </ol>
      </section>
    </Page>
  )
}

function Way({ title, text, action }: { title: string; text: string; action: React.ReactNode }) {
  return (
    <section className="flex flex-col items-start gap-2 rounded-panel border bg-panel p-5">
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="mb-2 flex-1 text-ink-2">{text}</p>
      {action}
    </section>
  )
}
