import type { ElectronApplication, Page } from 'playwright'
import { z } from 'zod'
import { expect, goTo } from './window.ts'
import { wordsOf, type Words } from './words.ts'

/** What the window's file dialogs give from now on, one after the other; without any left the operator takes none. */
export async function chooseFiles(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, waiting) => {
      dialog.showOpenDialog = () => {
        const next = waiting.shift()
        return Promise.resolve({ canceled: next === undefined, filePaths: next === undefined ? [] : [next] })
      }
    },
    [...paths],
  )
}

/** Keeps everything that goes to the window from now on, by the call that it answers or the event that it is. */
export async function listenIn(app: ElectronApplication): Promise<() => Promise<{ name: string; text: string }[]>> {
  await app.evaluate(({ ipcMain, BrowserWindow }) => {
    const heard: { name: string; text: string }[] = []
    Reflect.set(globalThis, 'heardByWindow', heard)
    const handlers: unknown = Reflect.get(ipcMain, '_invokeHandlers')
    if (!(handlers instanceof Map)) throw new Error('Electron keeps its handlers elsewhere by now.')
    const known: [string, (...args: unknown[]) => unknown][] = [...handlers]
    for (const [channel, handler] of known) {
      handlers.set(channel, async (event: unknown, ...args: unknown[]) => {
        const answer: unknown = await handler(event, ...args)
        heard.push({ name: String(args[0]), text: JSON.stringify(answer) })
        return answer
      })
    }
    for (const { webContents } of BrowserWindow.getAllWindows()) {
      const send = webContents.send.bind(webContents)
      webContents.send = (channel: string, ...args: unknown[]) => {
        heard.push({ name: channel, text: JSON.stringify(args) })
        send(channel, ...args)
      }
    }
  })
  return async () =>
    z
      .array(z.object({ name: z.string(), text: z.string() }))
      .parse(JSON.parse(await app.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'heardByWindow')))))
}

export const clipboardText = (app: ElectronApplication): Promise<string> =>
  app.evaluate(({ clipboard }) => clipboard.readText())

/** All that the page holds where somebody could look: its markup, and what it stores. */
export const everythingIn = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll('input, textarea')].map((field) => String(Reflect.get(field, 'value'))),
      JSON.stringify(Object.entries(localStorage)),
      JSON.stringify(Object.entries(sessionStorage)),
    ].join('\n'),
  )

/** To the seals of a database by the navigation. */
export async function goToSealed(page: Page, database: string, t: Words = wordsOf.en): Promise<void> {
  await goTo(page, 'Vault', t)
  await page.getByRole('row').filter({ hasText: database }).first().click()
}

/** Seals one file of this computer for the database whose page is open, with what the vault is unlocked with. */
export async function sealLocalFile(app: ElectronApplication, page: Page, file: string): Promise<void> {
  await chooseFiles(app, [file])
  await page.getByRole('main').getByRole('button', { name: 'Seal files…' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: 'This computer' }).click()
  await dialog.getByRole('button', { name: 'Add a file…' }).click()
  await expect(dialog.getByRole('list', { name: 'Files' })).toContainText(file)
  await dialog.getByRole('button', { name: 'Seal', exact: true }).click()
}
