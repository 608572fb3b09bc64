import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ElectronApplication } from 'playwright'
import { eventChannel } from '#shared/channels.ts'
import type { EventName, Events } from '#shared/contract.ts'
import type { Scenario } from './sample-bridge.ts'

export const sampleEngine = fileURLToPath(new URL('./sample-engine.ts', import.meta.url))

/** What the sample engine answers from now on. */
export function setScene(dataDir: string, scenario: Scenario): void {
  writeFileSync(join(dataDir, 'scenario.json'), JSON.stringify(scenario))
}

/** An event, as the shell passes it to the window. */
export async function emit<E extends EventName>(app: ElectronApplication, name: E, value: Events[E]): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, [channel, event]) => BrowserWindow.getAllWindows()[0]?.webContents.send(channel, event),
    [eventChannel, { name, value }] as const,
  )
}
