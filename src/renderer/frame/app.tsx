import { CSPProvider } from '@base-ui/react/csp-provider'
import { useEffect } from 'react'
import { Palette } from '../palette/palette.tsx'
import { VaultDialogs } from '../screens/vault/vault-dialogs.tsx'
import { Toasts } from '../parts/toasts.tsx'
import { Prompts } from '../prompts/prompts.tsx'
import { Banners } from './banners.tsx'
import { Dialogs } from './dialogs.tsx'
import { Navigation } from './navigation.tsx'
import { Screen } from './screen.tsx'
import { useShortcuts } from './shortcuts.ts'
import { useAppearance } from './appearance.ts'
import { useJobNotices } from './job-notices.ts'
import { follow } from '../stores/follow.ts'

export function App() {
  useEffect(follow, [])
  useAppearance()
  useShortcuts()
  useJobNotices()
  return (
    <CSPProvider disableStyleElements>
      <div className="flex h-full">
        <Navigation />
        <div className="flex min-w-0 flex-1 flex-col">
          <Banners />
          <Screen />
        </div>
      </div>
      <Palette />
      <VaultDialogs />
      <Dialogs />
      <Prompts />
      <Toasts />
    </CSPProvider>
  )
}
