import type { ChildProcess } from 'node:child_process'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect } from '@playwright/test'
import type { Page } from 'playwright'
import { launchApp, type LaunchOptions, type RunningApp } from './launch.ts'
import { wordsOf, type Words } from './words.ts'

interface Fixtures {
  dataDir: string
  /** starts the app on its real engine; it is ended with the test, and nothing may have gone wrong in its page */
  open: (options?: Partial<LaunchOptions>) => Promise<RunningApp>
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from here
  dataDir: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'lifeboat-window-')))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  open: async ({ dataDir }, use) => {
    const running: ChildProcess[] = []
    const wrong: string[] = []
    await use(async (options = {}) => {
      const opened = await launchApp({ dataDir, size: { width: 1200, height: 800 }, ...options })
      running.push(opened.app.process())
      opened.window.on('pageerror', (error) => wrong.push(error.message))
      opened.window.on('console', (message) => {
        if (message.type() === 'error') wrong.push(message.text())
      })
      return opened
    })
    for (const child of running) await endProcess(child)
    expect(wrong).toEqual([])
  },
})

/** Ends the app as the system does at log-out: without a question. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await gone
}

export type Section = 'Overview' | 'Servers' | 'Copies' | 'Vault' | 'Activity' | 'Settings'

/** Goes to a screen by the navigation, as it is called in the language that is shown. */
export async function goTo(page: Page, section: Section, { nav }: Words = wordsOf.en): Promise<void> {
  const names: Record<Section, string> = {
    Overview: nav.overview,
    Servers: nav.servers,
    Copies: nav.copies,
    Vault: nav.vault,
    Activity: nav.activity,
    Settings: nav.settings,
  }
  await page
    .getByRole('navigation')
    .getByRole('button', { name: new RegExp(`^${names[section]}`) })
    .click()
}

/** axe finds nothing on what is shown now. The message names rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary?.slice(0, 300) ?? ''}`),
  )
  expect(found).toEqual([])
}

/** Nothing of the page, or of a dialog over it, is wider than the place that it has. */
export async function expectNothingSticksOut(page: Page): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('main, [role=dialog] > div')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map(({ tagName }) => tagName),
  )
  expect(wide).toEqual([])
}

export { expect }
