import { useState } from 'react'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Output } from '#shared/contract.ts'
import { inputLook } from '../../parts/field.tsx'
import { Name } from '../../parts/label.tsx'
import { addressOf } from '../servers/server-row.tsx'

export type SshHost = Output<'server.sshHosts'>[number]

interface SshHostsProps {
  hosts: readonly SshHost[]
  chosen: string
  onChoose: (host: SshHost) => void
}

/** The hosts of ~/.ssh/config: choosing one fills the form in. */
export function SshHosts({ hosts, chosen, onChoose }: SshHostsProps) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const shown = hosts.filter((host) => `${host.alias} ${host.host}`.toLowerCase().includes(search.toLowerCase()))
  return (
    <div className="flex flex-col gap-2">
      {hosts.length > 6 && (
        <div className="relative">
          <Search size={14} aria-hidden className="absolute top-2.25 left-2.5 text-ink-3" />
          <input
            aria-label={t('addServer.searchHosts')}
            placeholder={t('addServer.searchHosts')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className={`${inputLook} pl-8`}
          />
        </div>
      )}
      <ul aria-label={t('addServer.config')} className="max-h-64 overflow-y-auto rounded-control border">
        {shown.map((host) => (
          <li key={host.alias} className="border-t first:border-t-0">
            <button
              type="button"
              aria-pressed={host.alias === chosen}
              onClick={() => onChoose(host)}
              className="flex w-full min-w-0 flex-col px-3 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-pressed:bg-accent-soft"
            >
              <Name text={host.alias} className="block w-full font-semibold" />
              <Name
                text={addressOf(host) + (host.jump ? ` ← ${host.jump}` : '')}
                className="block w-full font-mono text-xs leading-4 text-ink-3"
              />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
