import { useState, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { perform } from '../actions/perform.ts'
import { openLogs } from '../actions/desktop.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Details } from '../parts/failure-note.tsx'
import { OutcomeMark } from '../parts/outcome.tsx'
import { useAppFacts, useEngine, useShellFacts } from '../stores/facts.ts'
import { restartEngine } from '../stores/follow.ts'

/** What stands over every screen: the engine is down, the runtime is a substitute, the catalogue was rebuilt. */
export function Banners() {
  const { t } = useTranslation()
  const engine = useEngine()
  const down = engine.state === 'stopped' || (engine.state === 'starting' && engine.reason !== null)
  const trial = useShellFacts((state) => state.value?.trialRuntime ?? false)
  const rebuilt = useAppFacts((state) => state.value?.rebuilt ?? null)
  return (
    <>
      {down && (
        <Banner
          tone="damaged"
          title={t('banner.engineStopped')}
          text={t('banner.engineStoppedText')}
          detail={engine.reason}
          actions={
            <>
              <Button small onClick={openLogs}>
                {t('action.openLogs')}
              </Button>
              <Button
                small
                variant="primary"
                busy={engine.state === 'starting'}
                onClick={() => void perform(t('action.restartEngine'), restartEngine)}
              >
                {t('action.restartEngine')}
              </Button>
            </>
          }
        />
      )}
      {rebuilt !== null && (
        <Banner tone="care" dismissable title={t('banner.rebuilt')} text={t('banner.rebuiltText')} detail={rebuilt} />
      )}
      {trial && <Banner tone="care" dismissable title={t('banner.trial')} text={t('banner.trialText')} />}
    </>
  )
}

interface BannerProps {
  tone: 'damaged' | 'care'
  title: string
  text: string
  detail?: string | null
  actions?: ReactNode
  dismissable?: boolean
}

function Banner({ tone, title, text, detail, actions, dismissable = false }: BannerProps) {
  const { t } = useTranslation()
  const [gone, setGone] = useState(false)
  if (gone) return null
  return (
    <div
      role={tone === 'damaged' ? 'alert' : 'status'}
      className={`flex items-start gap-3 border-b px-8 py-2.5 ${tone === 'damaged' ? 'bg-damaged-soft' : 'bg-care-soft'}`}
    >
      <span className="pt-0.5">
        <OutcomeMark outcome={tone} />
      </span>
      <div className="min-w-0 flex-1">
        <p>
          <b className="font-semibold">{title}</b> <span className="text-ink-2">{text}</span>
        </p>
        {detail && (
          <div className="mt-1">
            <Details text={detail} />
          </div>
        )}
      </div>
      {actions && <div className="flex gap-2">{actions}</div>}
      {dismissable && (
        <IconButton label={t('action.close')} onClick={() => setGone(true)} className="-my-1">
          <X size={14} aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
