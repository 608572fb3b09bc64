import { LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Logo } from '../parts/logo.tsx'
import { OutcomeMark } from '../parts/outcome.tsx'
import { useCopies } from '../stores/copies.ts'
import { runningOf, useJobs } from '../stores/jobs.ts'
import { useSeals, useVaultState } from '../stores/seals.ts'
import { useServers } from '../stores/servers.ts'
import { sectionOf, useView, type Section } from '../stores/view.ts'
import { useFormat } from '../words/format.ts'
import { NowRunning } from './now-running.tsx'
import { OpenSandbox } from './open-sandbox.tsx'
import { paletteKeys } from './shortcuts.ts'

export function Navigation() {
  const { t } = useTranslation()
  const servers = useServers((state) => state.value?.length ?? null)
  const copies = useCopies((state) => state.all)
  const seals = useSeals((state) => state.value?.length ?? null)
  const unlocked = useVaultState((state) => state.value?.unlocked ?? false)
  const running = useJobs((state) => runningOf(state.jobs).length)
  const openPalette = useView((state) => state.openPalette)
  return (
    <nav aria-label={t('nav.label')} className="flex w-52 shrink-0 flex-col border-r px-3 py-4">
      <div className="flex h-8 items-center gap-2 px-2 text-lg font-bold">
        <Logo />
        Lifeboat
      </div>
      <ul className="mt-3 flex flex-col gap-0.5">
        <Entry section="overview" />
        <Entry section="servers" count={servers} />
        <Entry section="copies" count={copies} />
        <Entry
          section="vault"
          count={seals}
          mark={
            unlocked && (
              <>
                <LockOpen size={12} aria-hidden className="text-care" />
                <span className="sr-only">{t('vault.unlocked')}</span>
              </>
            )
          }
        />
        <Entry
          section="activity"
          count={running > 0 ? running : null}
          mark={running > 0 && <OutcomeMark outcome="running" size={12} />}
        />
      </ul>
      <div className="mt-auto flex flex-col gap-2">
        <OpenSandbox />
        <NowRunning />
        <ul className="flex flex-col gap-0.5">
          <Entry section="settings" />
          <li>
            <button
              type="button"
              onClick={() => openPalette(true)}
              aria-keyshortcuts="Control+K Meta+K"
              className="flex h-8 w-full items-center justify-between rounded-control px-2 text-left text-ink-3 hover:bg-hover hover:text-ink-1"
            >
              {t('nav.commands')}
              <kbd className="rounded-[4px] border px-1.5 font-sans text-xs">{paletteKeys}</kbd>
            </button>
          </li>
        </ul>
      </div>
    </nav>
  )
}

interface EntryProps {
  section: Section
  count?: number | null
  /** before the count */
  mark?: ReactNode
}

function Entry({ section, count = null, mark }: EntryProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const here = useView((state) => sectionOf(state.view) === section)
  const go = useView((state) => state.go)
  return (
    <li>
      <button
        type="button"
        aria-current={here ? 'page' : undefined}
        onClick={() => go({ screen: section })}
        className={`flex h-8 w-full items-center justify-between gap-2 rounded-control px-2 text-left ${here ? 'bg-selected font-semibold text-ink-1' : 'text-ink-2 hover:bg-hover hover:text-ink-1'}`}
      >
        <span className="truncate">{t(`nav.${section}`)}</span>
        {count !== null && (
          <span className={`flex items-center gap-1.5 font-normal ${here ? 'text-ink-2' : 'text-ink-3'}`}>
            {mark}
            {format.number(count)}
          </span>
        )}
      </button>
    </li>
  )
}
