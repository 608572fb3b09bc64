import { Suspense, useEffect, useRef } from 'react'
import { settingId, useView, type SettingName, type View } from '../stores/view.ts'
import { Overview } from '../screens/overview/overview.tsx'
import { later } from './later.tsx'

const Activity = later((rest) => rest.Activity)
const AddServer = later((rest) => rest.AddServer)
const Browse = later((rest) => rest.Browse)
const Compare = later((rest) => rest.Compare)
const CopyPage = later((rest) => rest.CopyPage)
const Copies = later((rest) => rest.Copies)
const ServerPage = later((rest) => rest.ServerPage)
const Servers = later((rest) => rest.Servers)
const Settings = later((rest) => rest.Settings)
const Sealed = later((rest) => rest.Sealed)
const SealDifference = later((rest) => rest.SealDifference)
const SealPage = later((rest) => rest.SealPage)
const Vault = later((rest) => rest.Vault)
const VerificationScreen = later((rest) => rest.VerificationScreen)

/** The place where the screens stand. */
export function Screen() {
  const view = useView((state) => state.view)
  const main = useRef<HTMLElement>(null)
  useEffect(() => {
    main.current?.scrollTo(0, 0)
    if (view.screen === 'settings' && view.at) showSetting(view.at)
  }, [view])
  return (
    <main ref={main} className="min-h-0 flex-1 overflow-y-auto">
      {/* lines of text stay short enough to be read; a table of data takes all the room there is */}
      <div className={`mx-auto h-full ${view.screen === 'browse' ? '' : 'max-w-300'}`}>
        <Suspense>{screenOf(view)}</Suspense>
      </div>
    </main>
  )
}

/** Brings it into sight, with the keyboard on its control. */
function showSetting(name: SettingName): void {
  const setting = document.getElementById(settingId(name))
  setting?.scrollIntoView({ block: 'center' })
  setting?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true })
}

function screenOf(view: View) {
  switch (view.screen) {
    case 'overview':
      return <Overview />
    case 'servers':
      return <Servers />
    case 'add-server':
      return <AddServer />
    case 'server':
      return <ServerPage key={view.id} id={view.id} />
    case 'copies':
      return <Copies />
    case 'copy':
      return <CopyPage key={view.id} id={view.id} />
    case 'compare':
      return <Compare key={view.copyId} copyId={view.copyId} jobId={view.jobId ?? null} />
    case 'browse':
      return <Browse key={view.sandboxId} sandboxId={view.sandboxId} />
    case 'activity':
      return <Activity key={view.jobId ?? ''} openJob={view.jobId ?? null} />
    case 'verification':
      return <VerificationScreen key={view.jobId} jobId={view.jobId} />
    case 'vault':
      return <Vault />
    case 'sealed':
      return <Sealed key={`${view.server}/${view.label}`} server={view.server} label={view.label} />
    case 'seal':
      return <SealPage key={view.id} id={view.id} />
    case 'seal-difference':
      return <SealDifference key={`${view.left} ${view.right}`} left={view.left} right={view.right} />
    case 'settings':
      return <Settings />
  }
}
