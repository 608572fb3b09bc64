// first here too: it has to stand before the schemas, in the file of the bundle that both halves share
import '../jitless.ts'
import { Palette } from '../palette/palette.tsx'
import { Prompts } from '../prompts/prompts.tsx'
import { VaultDialogs } from '../screens/vault/vault-dialogs.tsx'
import { Dialogs } from './dialogs.tsx'

// What the window's first picture can do without: one file of the bundle, which comes after it.
export { Activity } from '../screens/activity/activity.tsx'
export { AddServer } from '../screens/add-server/add-server.tsx'
export { Browse } from '../screens/browse/browse.tsx'
export { Compare } from '../screens/compare/compare.tsx'
export { Copies } from '../screens/copies/copies.tsx'
export { CopyPage } from '../screens/copy/copy-page.tsx'
export { ServerPage } from '../screens/server/server-page.tsx'
export { Servers } from '../screens/servers/servers.tsx'
export { Settings } from '../screens/settings/settings.tsx'
export { SealDifference } from '../screens/vault/seal-difference.tsx'
export { SealPage } from '../screens/vault/seal-page.tsx'
export { Sealed } from '../screens/vault/sealed.tsx'
export { Vault } from '../screens/vault/vault.tsx'
export { VerificationScreen } from '../screens/verification/verification-screen.tsx'

/** What opens over the screens. */
export function Overlays() {
  return (
    <>
      <Palette />
      <VaultDialogs />
      <Dialogs />
      <Prompts />
    </>
  )
}
