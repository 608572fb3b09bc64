import { CSPProvider } from '@base-ui/react/csp-provider'
import { Suspense, useEffect, useState } from 'react'
import { Toasts } from '../parts/toasts.tsx'
import { Banners } from './banners.tsx'
import { Navigation } from './navigation.tsx'
import { Screen } from './screen.tsx'
import { useShortcuts } from './shortcuts.ts'
import { later } from './later.tsx'
import { useAppearance } from './appearance.ts'
import { useJobNotices } from './job-notices.ts'
import { follow } from '../stores/follow.ts'

const Overlays = later((rest) => rest.Overlays)

export function App() {
  const [drawn, setDrawn] = useState(false)
  useEffect(follow, [])
  useEffect(() => {
    const idle = requestIdleCallback(() => setDrawn(true), { timeout: 500 })
    return () => cancelIdleCallback(idle)
  }, [])
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
      <Suspense>{drawn && <Overlays />}</Suspense>
      <Toasts />
    </CSPProvider>
  )
}
