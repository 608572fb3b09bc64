import { useEffect } from 'react'
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import type { Server } from '#shared/server.ts'
import { Button } from '../../parts/button.tsx'
import { LabelTag, Name } from '../../parts/label.tsx'
import { testServer } from '../../actions/servers.ts'
import { useDatabases } from '../../stores/databases.ts'
import { useTests } from '../../stores/tests.ts'
import { useView } from '../../stores/view.ts'
import { TestSummary } from '../server/test-summary.tsx'

export function ServerRow({ server }: { server: Server }) {
  const { t } = useTranslation()
  const go = useView((state) => state.go)
  const test = useTests((state) => state.tests[server.id])
  const failure = useTests((state) => state.failures[server.id])
  const databases = useDatabases(
    useShallow((state) => (state.value ?? []).filter((database) => database.server === server.id)),
  )
  useEffect(() => void useTests.getState().read(server.id), [server.id])
  return (
    <li className="relative flex items-center gap-4 border-t px-4.5 py-3 first:border-t-0 hover:bg-hover">
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <button
            type="button"
            onClick={() => go({ screen: 'server', id: server.id })}
            // The whole row is the target; the name carries it for the keyboard and for reading aloud.
            className="flex min-w-0 rounded-[4px] text-left text-lg font-bold after:absolute after:inset-0"
          >
            <Name text={server.name} />
          </button>
          {databases.map((database) => (
            <LabelTag key={database.id} label={database.label} />
          ))}
        </div>
        <p className="flex min-w-0 text-sm text-ink-3">
          <Name text={addressOf(server)} className="font-mono text-xs leading-5" />
        </p>
      </div>
      <div className="hidden w-64 text-sm min-[1000px]:block">
        {test !== undefined ? (
          <TestSummary test={test} />
        ) : (
          <p className="text-ink-3">{failure ? t(`failure.${failure.kind}.title`) : t('state.loading')}</p>
        )}
      </div>
      <Button small className="relative" busy={test?.running ?? false} onClick={() => testServer(server.id)}>
        {t('action.testConnection')}
      </Button>
      <ChevronRight size={16} aria-hidden className="text-ink-3" />
    </li>
  )
}

export function addressOf(server: Pick<Server, 'user' | 'host' | 'port'>): string {
  const host = server.host.includes(':') ? `[${server.host}]` : server.host
  return `${server.user ? `${server.user}@` : ''}${host}${server.port === 22 ? '' : `:${server.port}`}`
}
