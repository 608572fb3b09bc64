import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import tailwindcss from '@tailwindcss/vite'
import { chromium, type Browser, type Page } from 'playwright'
import { createServer } from 'vite'
import { projectRoot } from '../../scripts/project.mjs'
import { hostKeyPrompt, sampleBridge, secretPrompt, type Scenario } from './support/sample-bridge.ts'
import { now } from './support/sample-data.ts'

/**
 * Pictures of the screens over sample data in a plain Chromium, for whoever works on the look:
 * `node tests/app/sample-screens.ts FOLDER [part of a name]`. CHROMIUM names the browser.
 */
interface Shot {
  name: string
  scenario: Scenario
  go?: (page: Page, words: Words) => Promise<void>
}

type Language = 'en' | 'zh-CN'
interface Words {
  nav: (section: 'servers' | 'copies' | 'activity' | 'settings') => string
}

const names: Record<Language, Record<string, string>> = {
  en: { servers: 'Servers', copies: 'Copies', activity: 'Activity', settings: 'Settings' },
  'zh-CN': { servers: '服务器', copies: '异地副本', activity: '任务', settings: '设置' },
}

const section = (which: 'servers' | 'copies' | 'activity' | 'settings') => async (page: Page, words: Words) => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: words.nav(which) })
    .click()
}

const failed = {
  kind: 'catalogue-busy' as const,
  message: 'Another Lifeboat holds the catalogue.',
  remedy: '',
  retry: 'now' as const,
  detail: 'SQLITE_BUSY',
}

const shots: Shot[] = [
  { name: 'overview', scenario: {} },
  { name: 'overview-first', scenario: { empty: true } },
  { name: 'overview-loading', scenario: { silent: ['overview.get'] } },
  {
    name: 'overview-error',
    scenario: {
      failing: { 'overview.get': failed },
      engine: 'stopped',
      trial: true,
      rebuilt: 'file is not a database',
    },
  },
  { name: 'servers', scenario: {}, go: section('servers') },
  {
    name: 'server',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.getByText('203.0.113.7').first().waitFor()
      await page.waitForTimeout(200)
    },
  },
  {
    name: 'server-lower',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.waitForTimeout(200)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  {
    name: 'add-server',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
    },
  },
  {
    name: 'add-server-testing',
    scenario: { testRunning: true },
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
      await page.getByPlaceholder('shop.example.org').fill('203.0.113.7')
      await page.locator('form button[type=submit]').click()
      await page.waitForTimeout(300)
    },
  },
  {
    name: 'add-server-found',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.locator('header button').last().click()
      await page.getByPlaceholder('shop.example.org').fill('203.0.113.7')
      await page.locator('form button[type=submit]').click()
      await page.waitForTimeout(300)
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  {
    name: 'database-dialog',
    scenario: {},
    go: async (page, words) => {
      await section('servers')(page, words)
      await page.getByRole('button', { name: 'agentcard' }).click()
      await page.locator('button[aria-label*="prod"]').first().click()
    },
  },
  { name: 'copies', scenario: { copies: 10_000 }, go: section('copies') },
  { name: 'copies-empty', scenario: { copies: 0 }, go: section('copies') },
  {
    name: 'copy',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  {
    name: 'copy-damaged',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(1).click()
      await page.getByRole('table').first().waitFor()
    },
  },
  {
    name: 'copy-lower',
    scenario: {},
    go: async (page, words) => {
      await section('copies')(page, words)
      await page.getByRole('row').nth(3).click()
      await page.getByRole('table').first().waitFor()
      await page.locator('main').evaluate((main) => main.scrollTo(0, 10_000))
    },
  },
  { name: 'activity', scenario: { running: true }, go: section('activity') },
  {
    name: 'activity-failed',
    scenario: {},
    go: async (page, words) => {
      await section('activity')(page, words)
      await page.locator('main li button').nth(2).click()
      await page.waitForTimeout(200)
    },
  },
  { name: 'settings', scenario: {}, go: section('settings') },
  {
    name: 'palette',
    scenario: {},
    go: async (page) => {
      await page.keyboard.press('Control+k')
      await page.waitForTimeout(200)
    },
  },
  { name: 'prompt-host-key', scenario: { prompt: hostKeyPrompt } },
  { name: 'prompt-secret', scenario: { prompt: secretPrompt } },
]

const [folder = 'test-results/sample-screens', only = ''] = process.argv.slice(2)

async function shoot(
  browser: Browser,
  url: string,
  shot: Shot,
  language: Language,
  theme: 'light' | 'dark',
  size: { width: number; height: number },
): Promise<void> {
  const page = await browser.newPage({
    viewport: size,
    colorScheme: theme,
    locale: language,
    timezoneId: 'Europe/Berlin',
  })
  page.on('pageerror', (error) => console.error(`${shot.name}: ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && console.error(`${shot.name}: ${message.text()}`))
  await page.clock.setFixedTime(now)
  const answer = sampleBridge({ ...shot.scenario, settings: { language, theme } }, (name, value) => {
    void page.evaluate(
      ([event, data]) => (window as unknown as { emit: (e: unknown) => void }).emit({ name: event, value: data }),
      [name, value] as const,
    )
  })
  await page.exposeFunction('answer', answer)
  await page.addInitScript(() => {
    const listeners = new Set<(event: unknown) => void>()
    Object.assign(window, {
      emit: (event: unknown) => listeners.forEach((listener) => listener(event)),
      lifeboat: {
        call: (name: string, input: unknown) =>
          (window as unknown as { answer: (n: string, i: unknown) => unknown }).answer(name, input),
        subscribe: (listener: (event: unknown) => void) => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      },
    })
  })
  await page.goto(url)
  await page.getByRole('navigation').waitFor()
  await page.waitForTimeout(250)
  await shot.go?.(page, { nav: (which) => names[language][which] ?? which })
  await page.waitForTimeout(150)
  const name = `${shot.name}-${language}-${theme}-${size.width}.png`
  await page.screenshot({ path: join(folder, name), animations: 'disabled' })
  await page.close()
}

await mkdir(folder, { recursive: true })
const server = await createServer({
  root: join(projectRoot, 'src/renderer'),
  configFile: false,
  plugins: [react(), tailwindcss()],
  logLevel: 'error',
  server: { port: 5199 },
  cacheDir: '/tmp/lifeboat-sample-vite',
})
await server.listen()
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
try {
  const url = server.resolvedUrls?.local[0] ?? ''
  const looks = (process.env['LOOKS'] ?? 'en-light-1200').split(',')
  for (const shot of shots.filter(({ name }) => name.includes(only))) {
    for (const look of looks) {
      const [language, theme, width] = [
        look.startsWith('zh') ? ('zh-CN' as const) : ('en' as const),
        look.includes('dark') ? ('dark' as const) : ('light' as const),
        look.endsWith('900') ? 900 : 1200,
      ]
      await shoot(browser, url, shot, language, theme, { width, height: width === 900 ? 600 : 800 })
    }
  }
} finally {
  await browser.close()
  await server.close()
}
