import { appHandlers } from './app.ts'
import { backupHandlers } from './backup.ts'
import { browseHandlers } from './browse.ts'
import { compareHandlers } from './compare.ts'
import type { Context, Handlers } from './context.ts'
import { copyHandlers } from './copy.ts'
import { databaseHandlers } from './database.ts'
import { demoHandlers } from './demo.ts'
import { jobHandlers } from './job.ts'
import { keychainHandlers } from './keychain.ts'
import { overviewHandlers } from './overview.ts'
import { pinHandlers } from './pin.ts'
import { promptHandlers } from './prompt.ts'
import { sandboxHandlers } from './sandbox.ts'
import { serverHandlers } from './server.ts'
import { settingsHandlers } from './settings.ts'
import { vaultHandlers, vaultOf } from './vault.ts'
import { verifyHandlers } from './verify.ts'

/** Every call of the contract, answered. One that is missing does not compile. */
export function allHandlers(context: Context): Handlers {
  const vault = vaultOf(context)
  return {
    ...appHandlers(context),
    ...overviewHandlers(context, vault),
    ...serverHandlers(context),
    ...pinHandlers(context),
    ...databaseHandlers(context),
    ...backupHandlers(context, vault),
    ...copyHandlers(context),
    ...jobHandlers(context),
    ...settingsHandlers(context),
    ...keychainHandlers(context),
    ...promptHandlers(context),
    ...demoHandlers(context),
    ...vaultHandlers(context, vault),
    ...verifyHandlers(context),
    ...sandboxHandlers(context),
    ...browseHandlers(context),
    ...compareHandlers(context),
  }
}
